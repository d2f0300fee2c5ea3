"""Which lines may be carried out otherwise than they stand, in the process of whoever asks.

A number that is another may be a size, an exponent of a whole number or what a loop ends at: the memory would be full,
or no call would return. So only lines are edited that compute numbers with a fraction from such numbers.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from gradcheck.numerics.tolerance import Array

from .rewritten import Statement
from .values import as_array

Look = Callable[[ast.expr], Any]
"""What a look-up of names, entries and attributes leads to; None where that is not known."""
_BY_SIZE = frozenset(
    {
        *("arange", "empty", "eye", "full", "identity", "linspace", "logspace", "new_empty", "new_full", "new_ones"),
        *("new_zeros", "ones", "range", "repeat", "repeat_interleave", "resize", "tile", "zeros"),
    }
)
"""Functions that make an array, or go on, for as long as a whole number says."""


def is_harmless(statement: Statement, values: Sequence[Array], look: Look) -> bool:
    """Whether edits of a line, which came to these values, can make nothing large and steer nothing."""
    written = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if isinstance(statement.value, ast.Constant) and isinstance(written, ast.Subscript):  # a number that becomes one
        into = as_array(look(written.value))
        values = [] if into is None else [into]
    if not values or any(value.dtype.kind not in "fc" for value in values):
        return False
    return not may_grow(statement, look) and not any(
        isinstance(node, ast.IfExp | ast.BoolOp) for node in ast.walk(statement)
    )


def may_grow(whole: ast.AST, look: Look) -> bool:
    """Whether something in it is as large as a whole number says."""
    return any(_is_by_size(node, look) for node in ast.walk(whole))


def _is_by_size(node: ast.AST, look: Look) -> bool:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _BY_SIZE
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.LShift):
        return not any(_has_a_fraction(part, look) for part in ast.walk(node.left))
    return False


def _has_a_fraction(node: ast.AST, look: Look) -> bool:
    """Whether a part is a number with a fraction, or an array of such."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float | complex)
    array = as_array(look(node)) if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) else None
    return array is not None and array.dtype.kind in "fc"
