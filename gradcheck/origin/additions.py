"""What a line lacks: factors, terms, and terms of factors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .changes import Change, Part
from .limits import FACTOR, LATER, LONG_FACTOR, LONG_TERM, NUMBER_TOO, PRODUCT, SIGN, SIZE, TERM
from .operands import Scope


def factors(place: Part, scope: Scope) -> Iterator[Change]:
    """A sign, a number, or an operand by which a term is multiplied or divided."""
    if not place.added or isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice):
        return
    node = place.node
    term = "it" if place.path == ("value",) else "`{before}`"
    yield Change(ast.UnaryOp(ast.USub(), node), SIGN, f"with the opposite sign of {term}")
    for by, long in scope.factors:
        cost = LONG_FACTOR if long else FACTOR + NUMBER_TOO * isinstance(by, ast.Constant)
        cost = SIZE if isinstance(by, ast.Subscript) and not long else cost
        yield Change(ast.BinOp(node, ast.Mult(), by), cost, f"with {term} multiplied by `{{by}}`", by, "times")
        yield Change(ast.BinOp(node, ast.Div(), by), cost + LATER, f"with {term} divided by `{{by}}`", by, "by")


def terms(place: Part, scope: Scope) -> Iterator[Change]:
    """An operand that a value lacks as a term."""
    if _is_sum(place):
        for by, long in scope.terms:
            yield from _added(place.node, by, LONG_TERM if long else TERM)


def products(place: Part, scope: Scope) -> Iterator[Change]:
    """A product or quotient of two names that it lacks."""
    if _is_sum(place):
        for by in scope.products:
            yield from _added(place.node, by, PRODUCT)


def terms_of_factors(place: Part, scope: Scope) -> Iterator[Change]:
    """A term that a factor of a product lacks."""
    parts = isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice | ast.Constant)
    if place.factor and not parts:
        for by, _ in scope.factors:
            yield from _added(place.node, by, PRODUCT)


def _is_sum(place: Part) -> bool:
    """Whether a term may be lacking there: a sum is looked at as a whole."""
    parts = isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice)
    return place.added and place.path[-1] not in ("left", "right") and not parts


def _added(node: ast.expr, by: ast.expr, cost: float) -> Iterator[Change]:
    yield Change(ast.BinOp(node, ast.Add(), by), cost, "with `{by}` added to `{before}`", by, "plus")
    yield Change(ast.BinOp(node, ast.Sub(), by), cost, "with `{by}` taken from `{before}`", by, "minus")


def computed_elsewhere(place: Part, scope: Scope) -> Iterator[Change]:
    """What is computed, for what stands under a name or is computed in another line."""
    if place.added and isinstance(place.node, ast.BinOp | ast.Call | ast.Name):
        for other, long in scope.terms:
            if long or isinstance(other, ast.Subscript) or not isinstance(place.node, ast.Name):
                yield Change(other, LONG_TERM, kin="other")
