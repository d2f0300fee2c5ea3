"""The only place where an error is compared with a tolerance."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from gradcheck.protocol.dtypes import float_info

from .limits import FEW_UNITS, SEEN

Array = npt.NDArray[Any]


def within(error: float | Array, tolerance: float | Array) -> Any:
    """Whether ``error <= tolerance``, entry by entry for arrays. NaN on either side is never within."""
    return error <= tolerance


def differs_at(actual: Array, expected: Array, tolerance: float | Array) -> tuple[int, ...] | None:
    """Index of the entry that is furthest beyond ``tolerance``, or None where every entry is within it."""
    error = np.abs(actual - expected)
    bad = ~np.asarray(within(error, tolerance))
    if not bad.any():
        return None
    excess = np.where(bad, np.nan_to_num(error, nan=np.inf), -1.0)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), excess.shape))


@cache
def spacing(dtype: npt.DTypeLike) -> float:
    """Relative spacing of the numbers of a floating dtype (its machine epsilon), at least that of float64.

    Directions and sums are computed in float64, so a wider dtype is judged no sharper.
    """
    return max(float_info(np.dtype(dtype)).eps, float(np.finfo(np.float64).eps))


@cache
def tiniest(dtype: npt.DTypeLike) -> float:
    """The smallest normal number of a floating dtype: below it the spacing no longer shrinks."""
    return float_info(np.dtype(dtype)).tiny


@cache
def least_seen(dtype: npt.DTypeLike) -> float:
    """The floor above which nothing was shown: that of any check, or what few digits can show at all."""
    return max(SEEN, FEW_UNITS * float_info(np.dtype(dtype)).eps)
