"""Numbers: a factor or exponent that is off."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code, inner, integer

_CALLS = ("where", "multiply", "full_like", "full", "clip", "power", "divide", "add", "subtract", "maximum", "minimum")


def _other_number(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """Numbers in arithmetic; an axis, an index or a shape has operators of its own."""
    if not isinstance(node, cst.Integer | cst.Float) or not _in_arithmetic(place):
        return
    value = float(node.value.replace("_", "")) if isinstance(node, cst.Float) else integer(node)
    if value is None:
        return
    if isinstance(node, cst.Float):
        yield "1.0" if value == 0 else repr(value * 2)
        if value not in (0.0, 1.0):
            yield "1.0"
    else:
        yield str(int(value) + 1)
        if value > 1:
            yield str(int(value) - 1)


def _other_exponent(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """``x**n`` for ``x**(n - 1)``, or the other way round; an exponent that is written as a number is a number."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Power):
        if not isinstance(node.right, cst.Integer | cst.Float):
            yield from (f"{atom(node.left)} ** ({inner(node.right)} {step})" for step in ("+ 1", "- 1"))
    elif isinstance(node, cst.Call) and called(node) in ("power", "pow") and len(node.args) == 2:
        base, exponent = (code(arg.value) for arg in node.args)
        yield from (f"{code(node.func)}({base}, {exponent} {step})" for step in ("+ 1", "- 1"))


def _in_arithmetic(place: Place) -> bool:
    """Whether a number is a factor or term: by the operator or the call that it directly belongs to."""
    for number, around in enumerate(place.parents):
        if isinstance(around, cst.BinaryOperation | cst.AugAssign):
            return True
        if isinstance(around, cst.Arg):
            return around.keyword is None and called(place.parents[number + 1]) in _CALLS
        if isinstance(around, cst.Subscript | cst.BaseSmallStatement):
            return False
    return False


OTHER_NUMBER = Operator("other-number", "A number is off.", _other_number)
OTHER_EXPONENT = Operator("other-exponent", "An exponent is off by one.", _other_exponent)

CONSTANTS = (OTHER_NUMBER, OTHER_EXPONENT)
