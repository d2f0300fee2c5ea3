"""Another way to write the same that differs where it matters: beyond the range of floats, at ties, at size zero."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradcheck.mutants.operators import Place
from gradcheck.mutants.operators.reading import atom, called, code, with_call

from .chains import chain
from .inserting import reducing
from .places import is_array, is_term, is_whole
from .replacing import parts
from .vocabulary import Vocabulary

_STRICT = {cst.GreaterThan: ">", cst.GreaterThanEqual: ">", cst.LessThan: "<", cst.LessThanEqual: "<"}
_DIVISIONS = {cst.Modulo: "//", cst.FloorDivide: "%"}


def rewritten(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A quotient that does not overflow, equality for nearness, the other whole division, an end that may be zero."""
    if isinstance(node, cst.BinaryOperation):
        above, below = code(node.left).strip("()"), code(node.right).strip("()")
        if isinstance(node.operator, cst.Divide) and below in (f"1 + {above}", f"{above} + 1"):
            yield f"1 / (1 + 1 / {atom(node.left)})", 1.4  # e / (1 + e) where e overflows
        if type(node.operator) in _DIVISIONS:
            yield f"{code(node.left)} {_DIVISIONS[type(node.operator)]} {code(node.right)}", 0.9
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        yield from _equal(node)
        yield from _half(node)
    if isinstance(node, cst.UnaryOperation) and isinstance(place.parent, cst.Slice):
        yield f"{code(node)} or None", 1.1  # x[:-0] is empty


def _equal(node: cst.Comparison) -> Iterator[tuple[str, float]]:
    """``abs(a - b) < 0.01`` becomes ``a == b``."""
    left = node.left
    near = isinstance(node.comparisons[0].operator, cst.LessThan | cst.LessThanEqual)
    if near and isinstance(left, cst.Call) and called(left) in ("abs", "absolute", "fabs") and left.args:
        apart = left.args[0].value
        if isinstance(apart, cst.BinaryOperation) and isinstance(apart.operator, cst.Subtract):
            yield f"{code(apart.left)} == {code(apart.right)}", 1.2


def _half(node: cst.Comparison) -> Iterator[tuple[str, float]]:
    """``x > 0`` counts half where it is a tie."""
    left, right = code(node.left), code(node.comparisons[0].comparator)
    sign = _STRICT.get(type(node.comparisons[0].operator))
    if sign is not None:
        yield f"0.5 * ({left} {sign} {right}) + 0.5 * ({left} {sign}= {right})", 1.5


def masked_outside(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``f(where(m, a, -inf))`` becomes ``where(m, f(a), 0)``: what is left out is 0 whatever ``f`` makes of it."""
    if not isinstance(node, cst.Call) or called(node) == "where":
        return
    for argument in node.args:
        for inner in (argument.value, *(part for _, part in parts(argument.value, 1))):
            if isinstance(inner, cst.Call) and called(inner) == "where" and len(inner.args) == 3:
                condition, kept, _ = (code(one.value) for one in inner.args)
                yield f"{code(inner.func)}({condition}, {with_call(node, inner, kept)}, 0)", 1.6


def exponentials(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """``exp(a) * sum(exp(b) * x)`` becomes ``sum(exp(b + a) * x)``: each alone may overflow where the sum does not."""
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Multiply | cst.Divide):
        return
    divided = isinstance(node.operator, cst.Divide)
    for whole, other in ((node.left, node.right), (node.right, node.left)):
        if (divided and whole is node.left) or not _is_exponential(whole):
            continue
        assert isinstance(whole, cst.Call)
        added = whole.args[0].value
        sign = "-" if divided else "+"
        if isinstance(added, cst.UnaryOperation) and isinstance(added.operator, cst.Minus):
            added, sign = added.expression, "+" if divided else "-"
        for inner in (other, *(part for _, part in parts(other, 1))):
            if isinstance(inner, cst.Call) and _is_exponential(inner):
                together = f"{code(inner.args[0].value)} {sign} {atom(added)}"
                new = cst.parse_expression(f"{code(inner.func)}({together})")
                yield code(new if inner is other else other.deep_replace(inner, new)), 1.5


def _is_exponential(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and called(node) == "exp" and len(node.args) == 1


def shared(node: cst.CSTNode, place: Place, vocabulary: Vocabulary) -> Iterator[tuple[str, float]]:
    """A product with a mask is divided by how many it lets through: what is tied shares what comes."""
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Multiply):
        return
    if not is_array(node, place) or not (is_whole(place) or is_term(place)):
        return
    _, axis, keep = reducing(place)
    for part in (node.left, node.right):
        name = chain(part)
        if name is not None and name in vocabulary.names(place):
            for number in (-1, 0, 1):
                yield f"{code(node)} / {name}.sum({axis}={number}, {keep}=True)", 1.6
            yield f"{code(node)} / {name}.sum()", 1.6
