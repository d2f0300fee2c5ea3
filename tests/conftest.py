"""The packages that are tested, and Hypothesis profiles: the same examples everywhere, or fresh ones on request.

The installed `gradcheck` and `manual_bp` are tested; `reference` and `tests`, which are installed nowhere, come from
the folder of the repository, which is put on the path only when the others have been found.
"""

import sys
from pathlib import Path

from hypothesis import settings

import gradcheck  # noqa: F401
import manual_bp  # noqa: F401

sys.path.insert(0, str(Path(__file__).parents[1]))

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("fresh", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")
