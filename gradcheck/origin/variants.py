"""What could have been meant by a line: its statement with one small edit, as people slip."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import additions, layouts, other_parts
from .changes import INSTEAD, Change, Part, Path
from .limits import (
    FACTOR,
    LATER,
    LONG_TERM,
    NAME,
    NUMBER,
    PART,
    PRODUCT,
    SIGN,
    SIMPLE,
    SIZE,
    TERM,
)
from .operands import Scope

_NOTHING = Scope({}, {}, ())
Statement = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr


@dataclass(frozen=True)
class Variant:
    """A statement with another part in the place of ``before``, and what was done in words; ``cost`` orders them.

    ``form`` is how it is said, of the part ``before`` and what came to it, ``by``. Of one ``kin`` are those that differ
    in ``by`` alone.
    """

    line: int
    statement: Statement
    before: ast.expr
    by: ast.expr
    cost: float
    form: str
    kin: str = ""

    @property
    def said(self) -> str:
        """As a reader is told."""
        return self.form.format(before=ast.unparse(self.before), by=ast.unparse(self.by))

    @property
    def key(self) -> tuple[int, str]:
        """What is the same at another example."""
        return self.line, ast.unparse(self.statement)


def variants(line: int, statement: Statement, scope: Scope, above: float, most: float) -> Iterator[Variant]:
    """Those that cost more than ``above`` and no more than ``most``, the likeliest first."""
    found: list[Variant] = []
    for place in _places(statement):
        for edit in _edits(place, scope, above, most):
            if above < edit.cost <= most:
                whole = put(statement, place.path, edit.after)
                kin = f"{line} {place.path} {edit.kin}" if edit.kin else ""
                by = edit.after if edit.by is None else edit.by
                found.append(Variant(line, whole, place.node, by, edit.cost, edit.form, kin))
    if not above:
        for other, form in (*_other_statements(statement), *_added_at(statement, scope)):
            found.append(Variant(line, other, _value(statement), _value(statement), SIGN, form))
    yield from sorted(found, key=lambda v: v.cost)


def pairs(line: int, statement: Statement, scope: Scope) -> Iterator[Variant]:
    """Two edits of one line: each of the simplest ones, beside a sign, an operator or a part that is too much."""
    found: list[Variant] = []
    for first in variants(line, statement, scope, 0.0, SIMPLE):
        for second in variants(line, first.statement, _NOTHING, 0.0, PART):
            cost, before, by = first.cost + second.cost, _value(statement), _value(second.statement)
            if by is before:  # it is the place that is another
                before, by = _target(statement), _target(second.statement)
            found.append(Variant(line, second.statement, before, by, cost, INSTEAD, first.kin))
    yield from sorted(found, key=lambda v: v.cost)


def _value(statement: Statement) -> ast.expr:
    return statement.value if statement.value is not None else ast.Constant(None)


def put(node: Any, path: Path, by: ast.expr) -> Any:
    """The same with something else at a place; what does not lead to it is shared."""
    if not path:
        return by
    step, *rest = path
    whole = copy.copy(node)
    if isinstance(step, tuple):
        name, number = step
        parts = list(getattr(node, name))
        parts[number] = put(parts[number], tuple(rest), by)
        setattr(whole, name, parts)
    else:
        setattr(whole, step, put(getattr(node, step), tuple(rest), by))
    return whole


def _target(statement: Statement) -> ast.expr:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    return target or ast.Constant(None)


def _other_statements(statement: Statement) -> Iterator[tuple[Statement, str]]:
    """``+=`` for ``-=`` and for ``=``."""
    if isinstance(statement, ast.AugAssign):
        other = {ast.Add: (ast.Sub, "-="), ast.Sub: (ast.Add, "+=")}.get(type(statement.op))
        if other is not None:
            yield ast.AugAssign(statement.target, other[0](), statement.value), f"with `{other[1]}`"
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
            yield ast.AugAssign(target, ast.Add(), statement.value), "with `+=`"


def _added_at(statement: Statement, scope: Scope) -> Iterator[tuple[Statement, str]]:
    """``np.add.at`` for ``+=`` and ``=`` where an index may hold a place more than once."""
    target = _target(statement)
    numpy = next((name for name, value in scope.outside.items() if value is np), None)
    if numpy is None or not isinstance(target, ast.Subscript) or statement.value is None:
        return
    indices = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    if isinstance(statement, ast.Assign | ast.AugAssign) and scope.is_index(indices):
        at = ast.Attribute(ast.Attribute(ast.Name(numpy, ast.Load()), "add", ast.Load()), "at", ast.Load())
        call = ast.Call(at, [target.value, target.slice, statement.value], [])
        yield ast.Expr(call), f"with `{ast.unparse(call)}`".replace("{", "{{").replace("}", "}}")


def _places(statement: Statement) -> Iterator[Part]:
    """Every part that is computed: of the value, and of the indices of what is written to."""
    if statement.value is not None:
        yield from _within(statement.value, ("value",), index=False, added=True)
    target = _target(statement)
    path: Path = (("targets", 0),) if isinstance(statement, ast.Assign) else ("target",)
    if isinstance(target, ast.Subscript):
        yield from _within(target.slice, (*path, "slice"), index=True, added=False)


def _within(node: ast.expr, path: Path, *, index: bool, added: bool, factor: bool = False) -> Iterator[Part]:
    if isinstance(node, ast.Starred):  # no value by itself: of ``*shape`` what is handed on one by one
        yield from _within(node.value, (*path, "value"), index=index, added=False)
        return
    yield Part(path, node, index, added, factor)
    for name, value in ast.iter_fields(node):
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        inside = index or (isinstance(node, ast.Subscript) and name == "slice")
        for number, part in parts:
            its = (*path, name if number is None else (name, number))
            if isinstance(part, ast.keyword):
                yield from _within(part.value, (*its, "value"), index=True, added=False)
            elif isinstance(part, ast.expr):
                if isinstance(node, ast.Call) and name == "func":
                    if isinstance(part, ast.Attribute):  # what a method is called of
                        yield from _within(part.value, (*its, "value"), index=inside, added=True)
                    continue
                adds = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
                parted = isinstance(node, ast.Tuple | ast.List | ast.Dict) and not inside
                added = adds or isinstance(node, ast.Call) or parted
                yield from _within(part, its, index=inside, added=added, factor=_is_product(node) and not inside)


def _is_product(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.MatMult)


def _edits(place: Part, scope: Scope, above: float, most: float) -> Iterator[Change]:
    for kind, least, dearest in _IN_INDEX if place.index else _IN_VALUE:
        if least <= most and dearest > above:
            yield from kind(place, scope)


_Kind = tuple[Callable[[Part, Scope], Iterator[Change]], float, float]  # with what its edits cost at least and at most

_IN_VALUE: Sequence[_Kind] = (
    (other_parts.parts, PART, PART), (other_parts.operators, SIGN, SIGN), (other_parts.order, NUMBER, NUMBER),
    (other_parts.functions, NAME, NAME), (other_parts.names, NAME, NAME), (other_parts.numbers, NUMBER, NAME),
    (additions.factors, SIGN, SIZE + LATER), (additions.terms, TERM, LONG_TERM),
    (additions.products, PRODUCT, PRODUCT), (additions.terms_of_factors, PRODUCT, PRODUCT),
    (additions.computed_elsewhere, LONG_TERM, LONG_TERM), (layouts.turned, NUMBER, TERM),
    (layouts.reductions, NUMBER, FACTOR), (layouts.scans, NUMBER, NUMBER),
)  # fmt: skip


_IN_INDEX: Sequence[_Kind] = (
    (other_parts.parts, PART, PART), (other_parts.order, NUMBER, NUMBER), (other_parts.names, NAME, NAME),
    (other_parts.numbers, NUMBER, NUMBER), (other_parts.slices, NUMBER, NUMBER), (other_parts.operators, SIGN, SIGN),
)  # fmt: skip
