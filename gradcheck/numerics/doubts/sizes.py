"""Inputs so large that whole copies of them in other precisions would cost more than the check."""

from __future__ import annotations

from ..limits import LARGE
from ..line import Point


def is_large(point: Point) -> bool:
    """Whether doubts that copy all inputs several times are left out."""
    return sum(x.size for x in point.inputs) > LARGE
