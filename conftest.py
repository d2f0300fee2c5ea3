"""Which packages are tested: the installed `gradcheck` and `manual_bp`.

`reference`, `tests` and `benchmarks` are installed nowhere. They come from this folder, which is put on the path only
when the others have been found.
"""

import sys
from pathlib import Path

import gradcheck  # noqa: F401
import manual_bp  # noqa: F401

sys.path.insert(0, str(Path(__file__).parent))
