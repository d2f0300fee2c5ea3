"""Hypothesis profiles, registered explicitly: the same examples everywhere, or fresh ones on request."""

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("fresh", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")

os.environ["GRADCHECK_FAULTS"] = "raise"  # a fault of the diagnosis is no remark here, but an error
