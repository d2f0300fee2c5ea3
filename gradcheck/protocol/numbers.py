"""Numbers as somebody gives them: Python's, NumPy's, or none at all."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TypeGuard

import numpy as np


def is_whole(value: object, least: int) -> TypeGuard[int]:
    """Whether it is a whole number of Python's or NumPy's, not a truth value, and not smaller than ``least``."""
    if type(value) is int:  # as nearly always, and sooner said
        return value >= least
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a real number of Python's or NumPy's, not a truth value."""
    return type(value) in (float, int) or (isinstance(value, Real) and not isinstance(value, bool | np.bool_))
