"""Transposes that are missing, or stand where none belongs; the order of a reshape."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code, keyword, method_of, operands, with_call, without

_TRANSPOSES = ("T", "mT", "H")
_CALLS = ("transpose", "swapaxes", "moveaxis", "permute", "t", "rollaxis")


def _drop_transpose(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.Attribute) and node.attr.value in _TRANSPOSES:
        yield code(node.value)
    elif isinstance(node, cst.Call) and called(node) in _CALLS:
        receiver = method_of(node, place.scope.modules)
        arrays, _ = operands(node, place.scope.modules)
        yield code(receiver) if receiver else f"({arrays[0]})" if arrays else code(node)


def _add_transpose(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """On what stands in a matrix product, and on gradients as they are returned: there a shape may still agree."""
    multiplied = isinstance(place.parent, cst.BinaryOperation) and isinstance(place.parent.operator, cst.MatrixMultiply)
    is_argument = len(place.parents) > 1 and called(place.parents[1]) in ("dot", "matmul", "mm", "bmm", "solve")
    if isinstance(node, cst.Name) and node.value in ("None", *place.scope.functions, *place.scope.modules):
        return
    if isinstance(node, cst.Name | cst.Subscript) and (multiplied or is_argument or place.is_entry):
        yield f"{atom(node)}.T"


def _reshape_order(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if (
        isinstance(node, cst.Call)
        and called(node) in ("reshape", "ravel", "flatten")
        and place.scope.framework != "torch"
    ):
        order = keyword(node, "order")
        if order is not None:
            yield without(node, order)
        else:
            tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
            last = cst.Arg(cst.SimpleString('"F"'), keyword=cst.Name("order"), equal=tight)
            yield code(node.with_changes(args=[*_with_commas(node), last]))


def _other_einsum(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """The result of an einsum with its last two letters swapped, and each operand's likewise."""
    if not (isinstance(node, cst.Call) and called(node) == "einsum" and node.args):
        return
    first = node.args[0].value
    if not isinstance(first, cst.SimpleString) or "->" not in first.value:
        return
    quote = first.quote
    inputs, _, output = first.value[len(quote) : -len(quote)].partition("->")
    parts = [*inputs.split(","), output]
    for number, part in enumerate(parts):
        letters = part.strip()
        if len(letters) >= 2 and letters.isalpha():
            swapped = [*parts]
            swapped[number] = letters[:-2] + letters[-1] + letters[-2]
            text = f"{','.join(swapped[:-1])}->{swapped[-1]}"
            yield with_call(node, first, f"{quote}{text}{quote}")


def _with_commas(call: cst.Call) -> list[cst.Arg]:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [arg.with_changes(comma=comma) for arg in call.args]


DROP_TRANSPOSE = Operator("drop-transpose", "A transpose is left out.", _drop_transpose)
ADD_TRANSPOSE = Operator("add-transpose", "An array is transposed that should not be.", _add_transpose)
RESHAPE_ORDER = Operator("reshape-order", "A reshape reads the entries in the other order.", _reshape_order)
OTHER_EINSUM = Operator("other-einsum", "Two letters of an einsum are swapped.", _other_einsum)

TRANSPOSES = (DROP_TRANSPOSE, ADD_TRANSPOSE, RESHAPE_ORDER, OTHER_EINSUM)
