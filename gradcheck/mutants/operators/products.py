"""Products, matrix products and quotients: operands in the wrong order, factors missing or one too many."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from .operator import Operator, Place
from .reading import atom, called, code, operands

_PAIRED = ("dot", "matmul", "outer", "mm", "bmm", "tensordot", "kron")
_PRODUCTS = (*_PAIRED, "multiply", "mul", "true_divide", "divide", "div")


def _swap_operands(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(
        node.operator, cst.MatrixMultiply | cst.Subtract | cst.Divide
    ):
        yield f"{atom(node.right)} {code(node.operator).strip()} {atom(node.left)}"
    elif isinstance(node, cst.Call) and called(node) in _PAIRED:
        arrays, further = operands(node, place.scope.modules)
        if len(arrays) == 2 and not further:
            yield _call_again(node, place, arrays[::-1])


def _drop_factor(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        yield from (atom(node.left), atom(node.right))
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide | cst.FloorDivide):
        yield atom(node.left)


def _drop_matrix(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.MatrixMultiply):
        yield from (atom(node.left), atom(node.right))
    elif isinstance(node, cst.Call) and called(node) in _PRODUCTS:
        arrays, _ = operands(node, place.scope.modules)
        if len(arrays) == 2:
            yield from (f"({array})" for array in arrays)


def _times_for_divide(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, cst.Multiply):
            yield f"{atom(node.left)} / {atom(node.right)}"
        elif isinstance(node.operator, cst.Divide):
            yield f"{atom(node.left)} * {atom(node.right)}"


def _entry_by_entry(node: cst.CSTNode, place: Place) -> Iterator[str]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.MatrixMultiply):
        yield f"{atom(node.left)} * {atom(node.right)}"
    elif isinstance(node, cst.Call) and called(node) in ("dot", "matmul", "mm", "bmm"):
        arrays, further = operands(node, place.scope.modules)
        if len(arrays) == 2 and not further:
            yield f"({arrays[0]}) * ({arrays[1]})"


def _twice(node: cst.CSTNode, place: Place) -> Iterator[str]:
    """A factor that is in the product already, once more: a cotangent squared, a scale applied in two places."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        for factor in (node.left, node.right):
            if isinstance(factor, cst.Name | cst.Attribute | cst.Subscript):
                yield f"{atom(node)} * {atom(factor)}"


def _call_again(node: cst.Call, place: Place, arrays: list[str]) -> str:
    """The call with other arrays, as a method where it was one."""
    function = node.func
    if isinstance(function, cst.Attribute) and code(function.value) not in place.scope.modules:
        return f"({arrays[0]}).{function.attr.value}({', '.join(arrays[1:])})"
    return f"{code(function)}({', '.join(arrays)})"


SWAP_OPERANDS = Operator(
    "swap-operands", "The two operands of a matrix product, a difference or a quotient are swapped.", _swap_operands
)
DROP_FACTOR = Operator("drop-factor", "One factor of a product, or its divisor, is left out.", _drop_factor)
DROP_MATRIX = Operator("drop-matrix", "One operand of a matrix product is left out.", _drop_matrix)
TIMES_FOR_DIVIDE = Operator("times-for-divide", "A product is taken for a quotient, or the reverse.", _times_for_divide)
ENTRY_BY_ENTRY = Operator("entry-by-entry", "A matrix product is taken for a product entry by entry.", _entry_by_entry)
FACTOR_TWICE = Operator("factor-twice", "One factor is applied twice.", _twice)

PRODUCTS = (SWAP_OPERANDS, DROP_FACTOR, DROP_MATRIX, TIMES_FOR_DIVIDE, ENTRY_BY_ENTRY, FACTOR_TWICE)
