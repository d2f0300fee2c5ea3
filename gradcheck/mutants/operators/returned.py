"""What is returned: in the wrong order, missing, zero, the same twice."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, code


def _swap_returned(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """Each two neighbours of a returned tuple."""
    if isinstance(node, cst.Tuple) and isinstance(place.parent, cst.Return):
        entries = [code(element.value) for element in node.elements]
        for n in range(len(entries) - 1):
            if entries[n] != entries[n + 1]:
                yield _joined([*entries[:n], entries[n + 1], entries[n], *entries[n + 2 :]])


def _same_twice(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Tuple) and isinstance(place.parent, cst.Return):
        entries = [code(element.value) for element in node.elements]
        for n in range(1, len(entries)):
            if "None" not in (entries[n], entries[n - 1]) and entries[n] != entries[n - 1]:
                yield _joined([*entries[:n], entries[n - 1], *entries[n + 1 :]])


def _zero_gradient(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if place.is_entry and isinstance(node, cst.BaseExpression) and code(node) != "None":
        yield f"{atom(node)} * 0"


def _no_gradient(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if place.is_entry and isinstance(node, cst.BaseExpression) and code(node) != "None":
        yield "None"


def _drop_returned(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Tuple) and isinstance(place.parent, cst.Return) and len(node.elements) > 1:
        yield _joined([code(element.value) for element in node.elements[:-1]])


def _joined(entries: list[str]) -> str:
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"


SWAP_RETURNED = Operator("swap-returned", "Two gradients are returned in the wrong order.", _swap_returned)
SAME_TWICE = Operator("same-twice", "One input gets the gradient of another.", _same_twice)
ZERO_GRADIENT = Operator("zero-gradient", "The gradient of an input is zero.", _zero_gradient)
NO_GRADIENT = Operator("no-gradient", "None is returned for an input that has a gradient.", _no_gradient)
DROP_RETURNED = Operator("drop-returned", "The last gradient is not returned.", _drop_returned)

RETURNED = (SWAP_RETURNED, SAME_TWICE, ZERO_GRADIENT, NO_GRADIENT, DROP_RETURNED)
