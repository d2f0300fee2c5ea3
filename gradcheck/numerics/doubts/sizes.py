"""Inputs so large that whole copies of them in other precisions would cost more than the check."""

from __future__ import annotations

from ..line import Point

_LARGE = 2**22  # entries of all inputs: 32 MiB in float64, several times the cache


def is_large(point: Point) -> bool:
    """Whether doubts that copy all inputs several times are left out."""
    return sum(x.size for x in point.inputs) > _LARGE
