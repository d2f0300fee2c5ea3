"""Comparisons and masks: a border on the wrong side, branches swapped, a mask inverted or not applied."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code

Table = dict[type[cst.BaseCompOp], str]

_STRICTER: Table = {cst.GreaterThan: ">=", cst.GreaterThanEqual: ">", cst.LessThan: "<=", cst.LessThanEqual: "<"}
_REVERSED: Table = {cst.GreaterThan: "<", cst.GreaterThanEqual: "<=", cst.LessThan: ">", cst.LessThanEqual: ">="}
_REVERSED |= {cst.Equal: "!=", cst.NotEqual: "=="}


def _compare(node: cst.CSTNode, table: Table) -> Iterator[str]:
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        only = node.comparisons[0]
        other = table.get(type(only.operator))
        if other:
            yield f"{code(node.left)} {other} {code(only.comparator)}"


def _strictness(node: cst.CSTNode, place: Place) -> Iterator[str]:
    yield from _compare(node, _STRICTER)


def _direction(node: cst.CSTNode, place: Place) -> Iterator[str]:
    yield from _compare(node, _REVERSED)


def _swap_branches(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) == "where" and len(node.args) == 3:
        condition, yes, no = (code(arg.value) for arg in node.args)
        yield f"{code(node.func)}({condition}, {no}, {yes})"
    elif isinstance(node, cst.IfExp):
        yield f"{code(node.orelse)} if {code(node.test)} else {code(node.body)}"


def _one_branch(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Call) and called(node) == "where" and len(node.args) == 3:
        yield from (f"({code(arg.value)})" for arg in node.args[1:])
    elif isinstance(node, cst.IfExp):
        yield from (f"({code(node.body)})", f"({code(node.orelse)})")


def _invert(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """``~mask`` for ``mask``, and a test that decides the other way."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.BitInvert | cst.Not):
        yield atom(node.expression)
    elif isinstance(place.parent, cst.If) and place.parent.test is node and isinstance(node, cst.BaseExpression):
        yield f"not {atom(node)}"


def _other_logic(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitAnd | cst.BitOr):
        other = "|" if isinstance(node.operator, cst.BitAnd) else "&"
        yield f"{atom(node.left)} {other} {atom(node.right)}"
        yield from (atom(node.left), atom(node.right))
    elif isinstance(node, cst.BooleanOperation):
        other = "or" if isinstance(node.operator, cst.And) else "and"
        yield f"{atom(node.left)} {other} {atom(node.right)}"


STRICTNESS = Operator("strictness", "A comparison counts its border on the other side.", _strictness)
DIRECTION = Operator("direction", "A comparison points the other way.", _direction)
SWAP_BRANCHES = Operator("swap-branches", "The two branches of a choice are swapped.", _swap_branches)
ONE_BRANCH = Operator("one-branch", "One branch of a choice is taken everywhere: a mask is not applied.", _one_branch)
INVERT = Operator("invert", "A mask or a test is inverted.", _invert)
OTHER_LOGIC = Operator(
    "other-logic", "Two conditions are joined by or instead of and, or one of them is left out.", _other_logic
)

MASKS = (STRICTNESS, DIRECTION, SWAP_BRANCHES, ONE_BRANCH, INVERT, OTHER_LOGIC)
