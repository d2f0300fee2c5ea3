"""The benchmarks are no part of the package; behind it on the path, so that what is installed is what is tested."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
