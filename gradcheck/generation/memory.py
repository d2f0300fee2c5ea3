"""Whether the machine's memory can hold an example at all."""

from __future__ import annotations

import math
import os
from functools import cache

import numpy as np

from gradcheck.protocol import Case

from .example import Example
from .limits import COPIES, MEMORY


def is_too_large(case: Case, example: Example) -> bool:
    """Whether the arrays of an example would need more than the machine's memory."""
    if case.inputs is not None or case.parsed is None:
        return False
    shapes = [*case.parsed.input_shapes(example.sizes, example.loops), *case.parsed.output_shapes(example.sizes)]
    entries = sum(math.prod(map(float, shape)) for shape in shapes)
    return entries * np.dtype(case.dtype).itemsize * COPIES > memory()


@cache
def memory() -> float:
    """Bytes of memory that the machine has."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return MEMORY
