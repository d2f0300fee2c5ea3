"""Derivatives of the wrong function, or taken at the wrong point."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code, operands, renamed

_OTHER_FUNCTION = {
    "sin": "cos",
    "cos": "sin",
    "tanh": "sin",
    "sinh": "cosh",
    "cosh": "sinh",
    "exp": "expm1",
    "log": "log1p",
    "log1p": "log",
    "expm1": "exp",
    "sign": "abs",
    "sqrt": "square",
    "square": "sqrt",
    "floor": "ceil",
    "ceil": "floor",
    "tril": "triu",
    "triu": "tril",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
}
_SAFE_TO_DROP = ("copy", "clone", "contiguous", "ascontiguousarray", "asarray", "array", "astype", "to")


def _other_slope(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """``y * (1 - y)`` and ``1 - y**2``, the slopes of the sigmoid and of tanh, for one another; and ``1 - y`` alone."""
    if not isinstance(node, cst.BinaryOperation):
        return
    if isinstance(node.operator, cst.Multiply):
        base = _one_minus(node.right)
        if base is not None and code(node.left).endswith(base):
            kept = code(node.left)[: -len(base)]
            yield f"{kept}(1 - {base} * {base})"
    elif isinstance(node.operator, cst.Subtract) and code(node.left) in ("1", "1.0"):
        base = _squared(node.right)
        if base is not None:
            yield f"{base} * (1 - {base})"
            yield f"1 - {base}"


def _other_function(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) in _OTHER_FUNCTION and isinstance(node.func, cst.Attribute):
        yield renamed(node, _OTHER_FUNCTION[called(node)])


def _drop_call(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """``f(x)`` becomes ``x``: a slope is forgotten, a copy or conjugate not taken."""
    if isinstance(node, cst.Call):
        arrays, further = operands(node, place.scope.modules)
        if (arrays and (len(arrays) == 1 or called(node) in ("clip", "minimum", "maximum", "where", "power"))) or (
            called(node) in _SAFE_TO_DROP and arrays
        ):
            yield f"({arrays[0]})"
        elif arrays and not further and isinstance(node.func, cst.Name):
            yield from (array for array in arrays if array in place.names or array in place.scope.cotangents)
    elif isinstance(node, cst.Attribute) and node.attr.value in ("real", "imag"):
        yield code(node.value)


def _drop_power(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Power):
        yield atom(node.left)


def _one_minus(node: cst.BaseExpression) -> str | None:
    """``y`` of ``1 - y``."""
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Subtract)):
        return None
    return node.right.value if code(node.left) in ("1", "1.0") and isinstance(node.right, cst.Name) else None


def _squared(node: cst.BaseExpression) -> str | None:
    """``y`` of ``y**2`` or ``y * y``."""
    if not (isinstance(node, cst.BinaryOperation) and isinstance(node.left, cst.Name)):
        return None
    left, right = node.left.value, code(node.right)
    if isinstance(node.operator, cst.Power) and right in ("2", "2.0"):
        return left
    return left if isinstance(node.operator, cst.Multiply) and left == right else None


OTHER_SLOPE = Operator("other-slope", "The derivative is that of another activation.", _other_slope)
OTHER_FUNCTION = Operator("other-function", "A function is taken for a related one.", _other_function)
DROP_CALL = Operator("drop-call", "A function is not applied.", _drop_call)
DROP_POWER = Operator("drop-power", "A power is left out.", _drop_power)

ACTIVATIONS = (OTHER_SLOPE, OTHER_FUNCTION, DROP_CALL, DROP_POWER)
