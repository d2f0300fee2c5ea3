"""A value rounded to a narrower number than it came in."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import code


def _narrow(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """A value goes through the next narrower float and back, so that its dtype does not tell."""
    if place.is_value and isinstance(node, cst.BinaryOperation):
        if place.scope.framework == "numpy":
            numpy = place.scope.arrays
            yield f"{numpy}.float32({code(node)})"
            yield f"{numpy}.float64({numpy}.float32({code(node)}))"
        elif place.scope.framework == "torch":
            yield f"({code(node)}).float().double()"


NARROW = Operator("narrow", "A value is rounded to a narrower float.", _narrow)

PRECISION = (NARROW,)
