"""Hypothesis profiles, registered explicitly: the same examples everywhere, or fresh ones on request.

What the gate keeps between runs goes to a folder of this session: the last failures of a user are none of a test's.
"""

import os
import tempfile

from hypothesis import settings

CACHE = tempfile.TemporaryDirectory(prefix="gradcheck-tests-")
os.environ["XDG_CACHE_HOME"] = CACHE.name

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("fresh", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")

os.environ["GRADCHECK_FAULTS"] = "raise"  # a fault of the diagnosis is no remark here, but an error
