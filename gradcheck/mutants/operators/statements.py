"""Statements: left out, overwriting what they should add to, writing into what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.source.scope import targets

from .operator import Operator, Place
from .reading import code

_IN_PLACE = {cst.Multiply: "*=", cst.Add: "+=", cst.Subtract: "-=", cst.Divide: "/="}


def _drop_statement(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """Only where every name that it binds has a value without it."""
    if isinstance(node, cst.AugAssign) or (isinstance(node, cst.Expr) and isinstance(node.value, cst.Call)):
        yield "pass"
    elif isinstance(node, cst.Assign):
        bound = [name for target in node.targets for name in targets(target.target)]
        if all(name in (*place.earlier, *place.scope.cotangents) for name in bound):
            yield "pass"


def _overwrite(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.AddAssign | cst.SubtractAssign):
        minus = isinstance(node.operator, cst.SubtractAssign)
        yield f"{code(node.target)} = {f'-({code(node.value)})' if minus else code(node.value)}"


def _in_place(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """``a = b * c`` becomes ``b *= c; a = b``, for what comes in and for what was kept."""
    if not (isinstance(node, cst.Assign) and isinstance(node.value, cst.BinaryOperation)):
        return
    product = node.value
    operator = _IN_PLACE.get(type(product.operator))
    if operator is None or not isinstance(product.left, cst.Name):
        return
    name = product.left.value
    if name in place.names or name in place.scope.cotangents:
        targets = " = ".join(code(target.target) for target in node.targets)
        yield f"{name} {operator} {code(product.right)}; {targets} = {name}"


def _in_place_later(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """What comes in is scaled in place once it has been used."""
    if isinstance(node, cst.Return) and node.value is not None:
        names = sorted(place.scope.cotangents)
        if names and code(node.value) != names[0]:
            yield f"_kept = {code(node.value)}; {names[0]} *= 2; return _kept"


DROP_STATEMENT = Operator("drop-statement", "A statement is left out.", _drop_statement)
OVERWRITE = Operator("overwrite", "A value is overwritten that should be added to.", _overwrite)
IN_PLACE = Operator("in-place", "A product or sum is computed in place, in an array that is used again.", _in_place)
COTANGENT_IN_PLACE = Operator("cotangent-in-place", "The gradient that comes in is written over.", _in_place_later)

STATEMENTS = (DROP_STATEMENT, OVERWRITE, IN_PLACE, COTANGENT_IN_PLACE)
