"""An edit that could mend: a piece of source, what replaces it, and how conventional that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import called, code

from .vocabulary import Vocabulary

# Python code for a node, and what it costs
Mends = Callable[[cst.CSTNode, Place, Vocabulary], Iterable[tuple[str, float]]]

_NO_ARRAYS: tuple[str, ...] = (
    "range",
    "len",
    "reshape",
    "zeros",
    "ones",
    "empty",
    "arange",
    "int",
    "enumerate",
    "zip",
    "transpose",
)
_NO_ARRAYS += ("swapaxes", "moveaxis", "astype", "isinstance", "str", "print", "expand_dims", "squeeze")
_ARRAY_NODES = cst.Name | cst.Attribute | cst.Subscript | cst.Call | cst.BinaryOperation | cst.UnaryOperation
_TERMS = cst.Add | cst.Subtract


def is_array(node: cst.CSTNode, place: Place) -> bool:
    """Whether a node may well be an array that the backward computes with: no index, no axis, no shape, no function."""
    if not isinstance(node, _ARRAY_NODES):
        return False
    if isinstance(node, cst.Name) and node.value in ("None", "True", "False", *place.scope.functions):
        return False
    if isinstance(node, cst.Name | cst.Attribute) and code(node).partition(".")[0] in place.scope.modules:
        return False
    if isinstance(node, cst.Attribute) and node.attr.value in ("shape", "size", "ndim", "dtype", "saved_tensors"):
        return False
    inside: cst.CSTNode = node
    for parent in place.parents:
        if isinstance(parent, cst.Index | cst.Slice | cst.FunctionDef | cst.Comparison):
            return not isinstance(parent, cst.Index | cst.Slice)
        if isinstance(parent, cst.Arg) and parent.keyword is not None:
            return False
        if isinstance(parent, cst.Call) and inside is not parent.func and called(parent) in _NO_ARRAYS:
            return False
        if isinstance(parent, cst.BaseSmallStatement):
            return True
        inside = parent
    return True


def is_whole(place: Place) -> bool:
    """Whether the node is all that is assigned or returned, or an entry of a tuple or dict that is."""
    parent = place.parent
    if isinstance(parent, cst.Assign | cst.AnnAssign | cst.AugAssign | cst.Return | cst.Lambda):
        return True
    return isinstance(parent, cst.Element | cst.DictElement)


def is_operand(place: Place) -> bool:
    """Whether the node stands in a matrix product, in a call, or is what a method is called of."""
    parent = place.parent
    if isinstance(parent, cst.BinaryOperation):
        return isinstance(parent.operator, cst.MatrixMultiply)
    if isinstance(parent, cst.Attribute):
        return len(place.parents) > 1 and isinstance(place.parents[1], cst.Call | cst.BinaryOperation)
    return isinstance(parent, cst.Arg)


def is_branch(place: Place) -> bool:
    """Whether the node is what a ``where`` takes where its condition holds, or where it does not."""
    call = place.parents[1] if len(place.parents) > 1 else None
    return isinstance(place.parent, cst.Arg) and isinstance(call, cst.Call) and called(call) == "where"


def is_term(place: Place) -> bool:
    """Whether the node is a term of a sum or difference."""
    parent = place.parent
    return isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, _TERMS)
