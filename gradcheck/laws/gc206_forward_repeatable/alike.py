"""Where the outputs of two calls differ by more than their rounding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.numerics import differs_at, spacing
from gradcheck.numerics.tolerance import Array

from ..limits import ULPS


def unlike_outputs(before: Sequence[Array], after: Sequence[Array], calls: str) -> str | None:
    """A sentence on the first output that differs; None where all are alike."""
    for first, other in zip(before, after, strict=False):
        if first.shape != other.shape:
            return f"the output has shape {first.shape} at one call and {other.shape} at another: {calls}"
        alike = (first == other) | (np.isnan(first) & np.isnan(other))
        left, right = np.where(alike, 0, other), np.where(alike, 0, first)
        largest = float(np.abs(np.where(np.isfinite(first), first, 0)).max(initial=0.0))
        index = differs_at(left, right, ULPS * spacing(first.dtype) * largest)
        if index is not None:
            values = f"{first[index]:.6g}", f"{other[index]:.6g}"
            apart = f", {abs(first[index] - other[index]):.1g} apart," if values[0] == values[1] else ""
            return f"{calls} give {' and '.join(values)}{apart} at output index {list(index)}"
    return None
