"""What could have been meant by a line: its statement with one small edit, as people slip."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .limits import (
    FACTOR,
    LATER,
    LONG_FACTOR,
    LONG_TERM,
    NAME,
    NUMBER,
    NUMBER_TOO,
    PART,
    PRODUCT,
    SIGN,
    SIMPLE,
    TERM,
)
from .operands import Scope
from .units import is_path

Path = tuple[Any, ...]
_NOTHING = Scope({}, {}, ())
_INSTEAD = "with `{by}` in the place of `{before}`"
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


@dataclass(frozen=True)
class _Place:
    """A part of an expression, the steps that lead to it, and whether it is (in) an index.

    ``added`` is one that is a term, or handed to a function: a factor of it is none of what stands around it. A
    ``factor`` is one of a product or quotient.
    """

    path: Path
    node: ast.expr
    index: bool
    added: bool
    factor: bool = False


@dataclass(frozen=True)
class _Edit:
    after: ast.expr
    cost: float
    form: str = _INSTEAD
    by: ast.expr | None = None
    kin: str = ""


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
            found.append(Variant(line, second.statement, before, by, cost, _Edit(by, cost).form, first.kin))
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
    numpy = next((name for name, value in scope.outside.items() if getattr(value, "__name__", "") == "numpy"), None)
    if numpy is None or not isinstance(target, ast.Subscript) or statement.value is None:
        return
    indices = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    if isinstance(statement, ast.Assign | ast.AugAssign) and scope.is_index(indices):
        at = ast.Attribute(ast.Attribute(ast.Name(numpy, ast.Load()), "add", ast.Load()), "at", ast.Load())
        call = ast.Call(at, [target.value, target.slice, statement.value], [])
        yield ast.Expr(call), f"with `{ast.unparse(call)}`".replace("{", "{{").replace("}", "}}")


def _places(statement: Statement) -> Iterator[_Place]:
    """Every part that is computed: of the value, and of the indices of what is written to."""
    if statement.value is not None:
        yield from _within(statement.value, ("value",), index=False, added=True)
    target = _target(statement)
    path: Path = (("targets", 0),) if isinstance(statement, ast.Assign) else ("target",)
    if isinstance(target, ast.Subscript):
        yield from _within(target.slice, (*path, "slice"), index=True, added=False)


def _within(node: ast.expr, path: Path, *, index: bool, added: bool, factor: bool = False) -> Iterator[_Place]:
    if isinstance(node, ast.Starred):  # no value by itself: of ``*shape`` what is handed on one by one
        yield from _within(node.value, (*path, "value"), index=index, added=False)
        return
    yield _Place(path, node, index, added, factor)
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


def _edits(place: _Place, scope: Scope, above: float, most: float) -> Iterator[_Edit]:
    for kind, least, dearest in _IN_INDEX if place.index else _IN_VALUE:
        if least <= most and dearest > above:
            yield from kind(place, scope)


# --- what is too much ------------------------------------------------------------------------------------------------


def _parts(place: _Place, _: Scope) -> Iterator[_Edit]:
    """One operand of an operator, what a function is called of, an array without its index or its ``.T``."""
    node = place.node
    if isinstance(node, ast.BinOp):
        sides = [(node.left, node.right), (node.right, node.left)]
        taken = sides[:1] if isinstance(node.op, ast.Div | ast.Pow) else sides
        for kept, dropped in taken:
            word = "the term" if isinstance(node.op, ast.Add | ast.Sub) else "the factor"
            if isinstance(node.op, ast.Sub) and kept is node.right:
                yield _Edit(kept, PART)
                kept = ast.UnaryOp(ast.USub(), kept)  # what is left of a difference
            yield _Edit(kept, PART, f"without {word} `{{by}}` of `{{before}}`", dropped)
    elif isinstance(node, ast.Call):
        if len(node.args) == 1 and isinstance(node.func, ast.Attribute | ast.Name):
            yield _Edit(node.args[0], PART)
        if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
            yield _Edit(node.func.value, PART)
    elif isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        yield _Edit(node.value, PART)


def is_module(node: ast.expr) -> bool:
    """Whether a look-up begins at what modules are called by."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "scipy", "torch", "math", "jnp", "jax")


# --- what is another -------------------------------------------------------------------------------------------------

_OTHER: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
    ast.Lt: (ast.GtE, ast.LtE), ast.LtE: (ast.Gt, ast.Lt), ast.Gt: (ast.LtE, ast.GtE), ast.GtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}  # fmt: skip
_ALIKE = (
    ("sin", "cos"), ("sinh", "cosh"), ("maximum", "minimum"), ("max", "min"), ("argmax", "argmin"),
    ("sum", "mean"), ("cumsum", "cumprod"), ("log", "log1p"), ("exp", "expm1"), ("floor", "ceil"), ("real", "imag"),
    ("zeros_like", "ones_like"),
)  # fmt: skip


def _operators(place: _Place, _: Scope) -> Iterator[_Edit]:
    node = place.node
    if isinstance(node, ast.BinOp):
        for other in _OTHER.get(type(node.op), ()):
            yield _Edit(ast.BinOp(node.left, other(), node.right), SIGN)  # type: ignore[arg-type]
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in _OTHER.get(type(node.ops[0]), ()):
            yield _Edit(ast.Compare(node.left, [other()], node.comparators), SIGN)  # type: ignore[list-item]


def _order(place: _Place, _: Scope) -> Iterator[_Edit]:
    """What stands left for what stands right: of operators, of arguments, of indices."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield _Edit(ast.BinOp(node.right, node.op, node.left), NUMBER)
    elif isinstance(node, ast.Call) and len(node.args) in (2, 3):
        *first, left, right = node.args
        yield _Edit(ast.Call(node.func, [*first, right, left], node.keywords), NUMBER)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and place.index:
        yield _Edit(ast.Tuple(node.elts[::-1], ast.Load()), NUMBER)


def _functions(place: _Place, _: Scope) -> Iterator[_Edit]:
    node = place.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for pair in _ALIKE:
            if node.func.attr in pair:
                other = pair[1 - pair.index(node.func.attr)]
                func = ast.Attribute(node.func.value, other, ast.Load())
                form = f"with `{ast.unparse(func)}` in the place of `{ast.unparse(node.func)}`"
                if not is_module(node.func.value):  # what it is called of may hold braces, or be long
                    form = _INSTEAD
                yield _Edit(ast.Call(func, node.args, node.keywords), NAME, form)


def _names(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A name, or an entry of a container, for another of the same number of axes."""
    if is_path(place.node) and not isinstance(place.node, ast.Tuple | ast.List):
        for other in scope.like(place.node):
            yield _Edit(other, NAME, kin="name")


def _numbers(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """One more and one less of a number, its double and its half, and zero for a border; of a share the other one."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        value = node.value
        others = [value + 1, value - 1] if place.index else [value + 1, value - 1, 2 * value, value / 2]
        for other in others:
            sign = ast.UnaryOp(ast.USub(), ast.Constant(-other)) if other < 0 else ast.Constant(other)
            yield _Edit(sign, NUMBER)
    elif scope.is_number(node):
        for operator in (ast.Add(), ast.Sub()):
            yield _Edit(ast.BinOp(node, operator, ast.Constant(1)), NUMBER)
    if is_path(node) and not place.index and not isinstance(node, ast.Tuple | ast.List):
        yield _Edit(ast.BinOp(ast.Constant(1), ast.Sub(), node), NAME)
    if place.path[-1] == ("comparators", 0):
        yield _Edit(ast.Constant(0), NUMBER)


def _slices(place: _Place, _: Scope) -> Iterator[_Edit]:
    """What begins or ends at another entry, or at none."""
    node = place.node
    if not isinstance(node, ast.Slice):
        return
    ends = [(node.lower, node.upper), (None, node.upper), (node.lower, None), (node.upper, node.lower)]
    minus, one = ast.UnaryOp(ast.USub(), ast.Constant(1)), ast.Constant(1)
    for lower, upper in [*ends, (one, None), (None, minus), (one, minus)]:
        yield _Edit(ast.Slice(lower, upper, node.step), NUMBER)


# --- what is lacking -------------------------------------------------------------------------------------------------


def _factors(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A sign, a number, or an operand by which a term is multiplied or divided."""
    if not place.added or isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice):
        return
    node = place.node
    term = "it" if place.path == ("value",) else "`{before}`"
    yield _Edit(ast.UnaryOp(ast.USub(), node), SIGN, f"with the opposite sign of {term}")
    for by, long in scope.factors:
        cost = LONG_FACTOR if long else FACTOR + NUMBER_TOO * (not isinstance(by, ast.Name))
        yield _Edit(ast.BinOp(node, ast.Mult(), by), cost, f"with {term} multiplied by `{{by}}`", by, "times")
        yield _Edit(ast.BinOp(node, ast.Div(), by), cost + LATER, f"with {term} divided by `{{by}}`", by, "by")


def _terms(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """An operand that a value lacks as a term."""
    if _is_sum(place):
        for by, long in scope.terms:
            yield from _added(place.node, by, LONG_TERM if long else TERM)


def _products(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A product or quotient of two names that it lacks."""
    if _is_sum(place):
        for by in scope.products:
            yield from _added(place.node, by, PRODUCT)


def _terms_of_factors(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A term that a factor of a product lacks."""
    parts = isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice | ast.Constant)
    if place.factor and not parts:
        for by, _ in scope.factors:
            yield from _added(place.node, by, PRODUCT)


def _is_sum(place: _Place) -> bool:
    """Whether a term may be lacking there: a sum is looked at as a whole."""
    parts = isinstance(place.node, ast.Tuple | ast.List | ast.Dict | ast.Slice)
    return place.added and place.path[-1] not in ("left", "right") and not parts


def _added(node: ast.expr, by: ast.expr, cost: float) -> Iterator[_Edit]:
    yield _Edit(ast.BinOp(node, ast.Add(), by), cost, "with `{by}` added to `{before}`", by, "plus")
    yield _Edit(ast.BinOp(node, ast.Sub(), by), cost, "with `{by}` taken from `{before}`", by, "minus")


def _computed_elsewhere(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """What is computed, for what stands under a name or is computed in another line."""
    if place.added and isinstance(place.node, ast.BinOp | ast.Call | ast.Name):
        for other, long in scope.terms:
            if long or isinstance(other, ast.Subscript) or not isinstance(place.node, ast.Name):
                yield _Edit(other, LONG_TERM, kin="other")


def _turned(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A matrix transposed, and added to what it is transposed."""
    if is_path(place.node) and scope.is_matrix(place.node):
        turned = ast.Attribute(place.node, "T", ast.Load())
        yield _Edit(turned, NUMBER)
        yield _Edit(ast.BinOp(place.node, ast.Add(), turned), TERM)


def _reductions(place: _Place, scope: Scope) -> Iterator[_Edit]:
    """A sum along an axis that is lacking, or along another; with the axis kept, or not."""
    node = place.node
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _REDUCE:
        of = node.args[:1] if is_module(node.func.value) else []
        for axis in (None, 0, 1, -1):
            for keep in (False, True):
                words = [] if axis is None else [ast.keyword("axis", _integer(axis))]
                words += [ast.keyword("keepdims", ast.Constant(True))] if keep else []
                yield _Edit(ast.Call(node.func, of, words), NUMBER)
    elif place.added and scope.is_array(node):
        for axis in (None, 0, 1):
            words = [] if axis is None else [ast.keyword("axis", _integer(axis)), _KEPT]
            yield _Edit(ast.Call(ast.Attribute(node, "sum", ast.Load()), [], words), FACTOR)


def _scans(place: _Place, _: Scope) -> Iterator[_Edit]:
    """What is added up from the other end."""
    node = place.node
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SCANS):
        return
    of = node.args[:1] if is_module(node.func.value) else [node.func.value]
    if len(of) != 1 or isinstance(of[0], ast.Starred):
        return
    axis = [word for word in node.keywords if word.arg == "axis"]
    if not axis:
        back = ast.Slice(None, None, _integer(-1))
        turned: ast.expr = ast.Subscript(of[0], back, ast.Load())
        yield _Edit(ast.Subscript(_with_first(node, turned), back, ast.Load()), NUMBER)
    elif is_module(node.func.value):
        flip = ast.Attribute(node.func.value, "flip", ast.Load())
        turned = ast.Call(flip, [of[0]], axis)
        yield _Edit(ast.Call(flip, [_with_first(node, turned)], axis), NUMBER)


def _with_first(call: ast.Call, of: ast.expr) -> ast.Call:
    """The same of another array."""
    assert isinstance(call.func, ast.Attribute)
    if is_module(call.func.value):
        return ast.Call(call.func, [of, *call.args[1:]], call.keywords)
    return ast.Call(ast.Attribute(of, call.func.attr, ast.Load()), call.args, call.keywords)


_SCANS = ("cumsum", "cumprod")
_REDUCE = ("sum", "mean", "max", "min", "prod", "cumsum", "any", "all")
_KEPT = ast.keyword("keepdims", ast.Constant(True))


def _integer(number: int) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-number)) if number < 0 else ast.Constant(number)


_Kind = tuple[Callable[[_Place, Scope], Iterator[_Edit]], float, float]  # with what its edits cost at least and at most

_IN_VALUE: Sequence[_Kind] = (
    (_parts, PART, PART), (_operators, SIGN, SIGN), (_order, NUMBER, NUMBER), (_functions, NAME, NAME),
    (_names, NAME, NAME), (_numbers, NUMBER, NAME), (_factors, SIGN, LONG_FACTOR + LATER), (_terms, TERM, LONG_TERM),
    (_products, PRODUCT, PRODUCT), (_terms_of_factors, PRODUCT, PRODUCT), (_computed_elsewhere, LONG_TERM, LONG_TERM),
    (_turned, NUMBER, TERM), (_reductions, NUMBER, FACTOR), (_scans, NUMBER, NUMBER),
)  # fmt: skip
_IN_INDEX: Sequence[_Kind] = (
    (_parts, PART, PART), (_order, NUMBER, NUMBER), (_names, NAME, NAME), (_numbers, NUMBER, NUMBER),
    (_slices, NUMBER, NUMBER), (_operators, SIGN, SIGN),
)  # fmt: skip
