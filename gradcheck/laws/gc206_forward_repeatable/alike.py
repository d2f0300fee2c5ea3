"""Where the outputs of two calls differ by more than their rounding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.numerics import differs_at, spacing
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array

from ..limits import ULPS


def unlike_outputs(before: Sequence[Array], after: Sequence[Array], calls: str) -> str | None:
    """A sentence on the first output that differs; None where all are alike."""
    for first, other in zip(before, after, strict=False):
        if first.shape != other.shape:
            return f"the output has shape {first.shape} at one call and {other.shape} at another: {calls}"
        index = apart_at(first, other, ULPS)
        if index is not None:
            values = f"{first[index]:.6g}", f"{other[index]:.6g}"
            apart = f", {abs(first[index] - other[index]):.1g} apart," if values[0] == values[1] else ""
            return f"{calls} give {' and '.join(values)}{apart} at output index {list(index)}"
    return None


def apart_at(first: Array, other: Array, units: float) -> tuple[int, ...] | None:
    """Where two arrays of one shape are further apart than so many units in the last place of the largest entry.

    The largest is one of the finite ones, and what is not finite is like nothing but itself: no distance from infinity
    is a matter of rounding.
    """
    left, right = widened(first), widened(other)
    alike = (left == right) | (np.isnan(left) & np.isnan(right))
    largest = float(np.abs(np.where(np.isfinite(left), left, 0)).max(initial=0.0))
    return differs_at(np.where(alike, 0, left), np.where(alike, 0, right), units * spacing(first.dtype) * largest)
