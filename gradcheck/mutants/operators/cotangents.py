"""The gradient that comes in: ignored, clipped, squared, or taken for its sign."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place


def _ignore(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if _is_used(node, place):
        name = _name(node)
        yield f"{place.scope.arrays}.ones_like({name})" if place.scope.arrays else f"({name} * 0 + 1)"


def _clip(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if _is_used(node, place) and place.scope.arrays:
        clip = "clamp" if place.scope.framework == "torch" else "clip"
        yield f"{place.scope.arrays}.{clip}({_name(node)}, -1, 1)"


def _absolute(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if _is_used(node, place):
        yield f"abs({_name(node)})"


def _square(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if _is_used(node, place):
        yield f"({_name(node)} * {_name(node)})"


def _first_row(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if _is_used(node, place):
        yield f"({_name(node)}[:1] + {_name(node)} * 0)"


def _is_used(node: cst.CSTNode, place: Place) -> bool:
    return isinstance(node, cst.Name) and node.value in place.scope.cotangents


def _name(node: cst.CSTNode) -> str:
    assert isinstance(node, cst.Name)
    return node.value


IGNORE_COTANGENT = Operator("ignore-cotangent", "The gradient that comes in is taken to be 1.", _ignore)
CLIP_COTANGENT = Operator("clip-cotangent", "The gradient that comes in is clipped to [-1, 1].", _clip)
ABSOLUTE_COTANGENT = Operator("absolute-cotangent", "The gradient that comes in loses its sign.", _absolute)
SQUARE_COTANGENT = Operator("square-cotangent", "The gradient that comes in is multiplied by itself.", _square)
FIRST_ROW = Operator("first-row", "The first row of the gradient that comes in is used for every row.", _first_row)

COTANGENTS = (IGNORE_COTANGENT, CLIP_COTANGENT, ABSOLUTE_COTANGENT, SQUARE_COTANGENT, FIRST_ROW)
