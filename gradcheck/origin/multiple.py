"""Whether one array is a multiple of another: what one wrong factor anywhere on the way leaves of a gradient."""

from __future__ import annotations

from gradcheck.numerics import differs_at
from gradcheck.numerics.tolerance import Array


def is_multiple(array: Array, of: Array, allowed: Array) -> bool:
    """Whether one number other than 0 times ``of`` is the array, entry by entry within what is allowed of each."""
    square = float(of @ of)
    factor = float(array @ of) / square if square else 0.0
    return factor != 0.0 and differs_at(array, factor * of, max(1.0, abs(factor)) * allowed) is None
