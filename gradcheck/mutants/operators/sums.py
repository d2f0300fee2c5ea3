"""Sums and signs: a term that is missing, a plus for a minus, a gradient of the wrong sign."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, code, inner

_OTHER_SIGN = {cst.Add: "-", cst.Subtract: "+"}


def _drop_term(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, cst.Add):
            yield from (atom(node.left), atom(node.right))
        elif isinstance(node.operator, cst.Subtract):
            yield from (atom(node.left), f"-{atom(node.right)}")


def _plus_for_minus(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation):
        other = _OTHER_SIGN.get(type(node.operator))
        if other:
            yield f"{code(node.left)} {other} {atom(node.right)}"
    elif isinstance(node, cst.AugAssign):
        other = {cst.AddAssign: "-=", cst.SubtractAssign: "+="}.get(type(node.operator))
        if other:
            yield f"{code(node.target)} {other} {code(node.value)}"


def _flip_sign(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        yield code(node.expression)
    elif isinstance(node, cst.BaseExpression) and place.is_value and _is_numeric(node, place):
        yield f"-{inner(node)}" if isinstance(node, cst.Name | cst.Call | cst.Attribute) else f"-({inner(node)})"


def _is_numeric(node: cst.BaseExpression, place: Place) -> bool:
    if isinstance(node, cst.Name):
        return node.value not in ("None", "True", "False", *place.scope.functions)
    numeric = cst.BinaryOperation | cst.Call | cst.Subscript | cst.Attribute | cst.IfExp
    return isinstance(node, numeric)


DROP_TERM = Operator("drop-term", "One term of a sum or difference is left out.", _drop_term)
PLUS_FOR_MINUS = Operator(
    "plus-for-minus", "A term is added that should be subtracted, or the reverse.", _plus_for_minus
)
FLIP_SIGN = Operator("flip-sign", "A value has the wrong sign.", _flip_sign)

SUMS = (DROP_TERM, PLUS_FOR_MINUS, FLIP_SIGN)
