"""Arrays in other precisions than their own."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from gradcheck.protocol.dtypes import is_inexact

from .limits import FEW_DIGITS
from .tolerance import Array, within

EXTENDED = (np.longdouble, np.clongdouble)


def wide_dtype(array: Array) -> np.dtype[Any]:
    """The double-precision dtype of an array's kind, or its own where that is wider."""
    return _wide(array.dtype)


@cache
def _wide(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return np.result_type(dtype, np.float64) if is_inexact(dtype) else dtype


def widened(array: Array) -> Array:
    """A copy of a floating or complex array in double precision; others as they are."""
    return np.array(array, wide_dtype(array))


def narrowed(array: Array) -> Array:
    """A float32 or complex64 copy of a floating or complex array; others as they are."""
    half = f"{array.dtype.kind}{array.dtype.itemsize // 2}"
    return np.array(array, half) if array.dtype.kind in "fc" else np.array(array)


def extended(array: Array) -> Array:
    """A copy of a floating or complex array in extended precision; others as they are."""
    return np.array(array, np.result_type(array.dtype, np.longdouble)) if array.dtype.kind in "fc" else np.array(array)


def nearly(wide: Array, narrow: Array) -> bool:
    """Whether a narrow output is the wide one to a few digits of its largest entry."""
    both = np.isfinite(wide) & np.isfinite(narrow)
    error = np.abs(np.where(both, wide - narrow, 0)).max(initial=0.0)
    return bool(within(error, FEW_DIGITS * np.abs(np.where(both, wide, 0)).max(initial=0.0)))
