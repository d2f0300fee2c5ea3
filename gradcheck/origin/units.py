"""A function as the units in which it runs: what is written on one line, or over several, and is done as one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any

from gradcheck.protocol.source import Function, function_of

_RESUMED = 0x20 | 0x80 | 0x200  # generators and coroutines leave and come back, so that no order of theirs is told


@dataclass(frozen=True)
class Written:
    """One place that a unit writes to: a name, an entry, an attribute.

    ``reads`` are the expressions that its value is made of, those of the place itself (an index, an array that an entry
    belongs to) among them; ``whole`` says that nothing is left of what was there before.
    """

    target: ast.expr
    reads: tuple[ast.expr, ...]
    whole: bool = True


@dataclass(frozen=True)
class Part:
    """An expression in what is returned, and the positions that lead to it."""

    node: ast.expr
    way: tuple[int, ...]

    def of(self, value: Any) -> Any:
        """The value of it; None where the value is built otherwise."""
        for position in self.way:
            parts = list(value.values()) if isinstance(value, dict) else value
            if not isinstance(parts, tuple | list) or position >= len(parts):
                return None
            value = parts[position]
        return value


@dataclass(frozen=True, eq=False)
class Unit:
    """What runs between two events on other lines.

    Attributes
    ----------
    line
        The first of its lines.
    written
        In the order in which they are written to.
    returned
        What it returns: the elements of a tuple or a dict that is written out, and of those in it, each with the way
        to it.
    control
        Whether it only decides what runs next: a condition, or the head of a loop.
    guards
        The units that decided whether this one runs.
    """

    function: Function
    line: int
    last: int
    node: ast.AST
    written: tuple[Written, ...] = ()
    returned: tuple[Part, ...] = ()
    control: bool = False
    guards: tuple[int, ...] = ()

    @property
    def reads(self) -> Iterator[ast.expr]:
        """Everything that it reads."""
        for one in self.written:
            yield from one.reads
        for part in self.returned:
            yield part.node

    @property
    def text(self) -> str:
        """Its code on one line; of a loop or a condition the head only."""
        if self.control:
            return ast.unparse(self.node).partition("\n")[0]
        return ast.unparse(self.node)

    @property
    def is_plain(self) -> bool:
        """Whether it hands on what is there: unpacks, renames, or reads a size, and computes nothing."""
        value = getattr(self.node, "value", None)
        return isinstance(self.node, ast.Assign | ast.AnnAssign) and value is not None and is_path(value)


@dataclass(frozen=True, eq=False)
class Plan:
    """The units of a function by line, and its parameters."""

    code: CodeType
    function: Function
    units: dict[int, Unit] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names that a call gives values to."""
        a = self.function.args
        star = [x for x in (a.vararg, a.kwarg) if x is not None]
        return tuple(x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs, *star))


def plan_of(code: CodeType) -> Plan | None:
    """How a function runs; None where its source is not to be had, or it does not run from top to bottom."""
    return _plan_of(code, code.co_filename)


@lru_cache(maxsize=512)
def _plan_of(code: CodeType, _: str) -> Plan | None:
    """Code of the same text in another file is equal to it, and stands elsewhere."""
    if code.co_flags & _RESUMED:
        return None
    function = function_of(code)
    if function is None:
        return None
    plan = Plan(code, function)
    if isinstance(function, ast.Lambda):
        body = function.body
        unit = Unit(function, body.lineno, body.end_lineno or body.lineno, body, returned=tuple(parts_of(body)))
        plan.units.update(dict.fromkeys(range(unit.line, unit.last + 1), unit))
        return plan
    _fill(plan, function.body, ())
    return plan


def elements(node: ast.expr) -> tuple[ast.expr, ...]:
    """The parts of a tuple or dict that is written out; else the expression itself."""
    if isinstance(node, ast.Tuple | ast.List) and not any(isinstance(part, ast.Starred) for part in node.elts):
        return tuple(node.elts)
    if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
        return tuple(node.values)
    return (node,)


def parts_of(node: ast.expr, way: tuple[int, ...] = ()) -> Iterator[Part]:
    """What is returned by an expression: the innermost first, what holds them after them."""
    inner = elements(node)
    if inner != (node,):
        for position, part in enumerate(inner):
            yield from parts_of(part, (*way, position))
    if inner == (node,) or way:
        yield Part(node, way)


def is_path(node: ast.expr) -> bool:
    """Whether an expression only looks something up: ``x``, ``cache["A1"]``, ``self.W``, ``x.shape[0]``, or a tuple."""
    if isinstance(node, ast.Tuple | ast.List):
        return all(map(is_path, node.elts))
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        node = node.value
    return isinstance(node, ast.Name)


def _fill(plan: Plan, body: Sequence[ast.stmt], guards: tuple[int, ...]) -> None:
    for node in body:
        inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(node, name, ())]
        inner += [part for handler in getattr(node, "handlers", ()) for part in handler.body]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _put(plan, Unit(plan.function, node.lineno, node.lineno, node, control=True))
        elif inner:
            last = max(node.lineno, min(part.lineno for part in inner) - 1)
            deciding = not isinstance(node, ast.With | ast.Try)
            _put(plan, Unit(plan.function, node.lineno, last, node, _written(node), control=True, guards=guards))
            _fill(plan, inner, (*guards, node.lineno) if deciding else guards)
        else:
            last = node.end_lineno or node.lineno
            value = node.value if isinstance(node, ast.Return) else None
            found = tuple(parts_of(value)) if value is not None else ()
            _put(plan, Unit(plan.function, node.lineno, last, node, _written(node), found, guards=guards))


def _put(plan: Plan, unit: Unit) -> None:
    """Enter a unit under its lines; what shares a line with another becomes one unit with it."""
    there = plan.units.get(unit.line)
    if there is not None:
        joined = Unit(
            plan.function,
            there.line,
            max(there.last, unit.last),
            unit.node if there.control else there.node,
            (*there.written, *unit.written),
            (*there.returned, *unit.returned),
            there.control and unit.control,
            unit.guards,
        )
        unit = joined
    plan.units.update(dict.fromkeys(range(unit.line, unit.last + 1), unit))


def _written(node: ast.stmt) -> tuple[Written, ...]:
    if isinstance(node, ast.Assign):
        return tuple(one for target in node.targets for one in _pairs(target, node.value))
    if isinstance(node, ast.AnnAssign):
        return () if node.value is None else tuple(_pairs(node.target, node.value))
    if isinstance(node, ast.AugAssign):
        return (Written(node.target, (node.target, node.value, *_inside(node.target)), whole=False),)
    if isinstance(node, ast.For):
        return tuple(_pairs(node.target, node.iter, apart=False))
    if isinstance(node, ast.With):
        items = [(item.optional_vars, item.context_expr) for item in node.items]
        return tuple(one for target, value in items if target for one in _pairs(target, value, apart=False))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return tuple(_by_call(node.value))
    return ()


def _by_call(call: ast.Call) -> Iterator[Written]:
    """What a call writes to, as far as its text tells: ``out=``, ``np.add.at(x, ...)``, ``hs.append(h)``."""
    reads = (*call.args, *(keyword.value for keyword in call.keywords))
    outs = [keyword.value for keyword in call.keywords if keyword.arg == "out"]
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name in ("at", "copyto", "put", "put_along_axis", "fill_diagonal", "place", "putmask") and call.args:
        outs.append(call.args[0])
    elif isinstance(call.func, ast.Attribute) and (name.endswith("_") or name in ("fill", "append", "insert")):
        outs.append(call.func.value)
    for out in outs:
        if is_path(out):
            yield Written(out, (out, *reads), whole=False)


def _pairs(target: ast.expr, value: ast.expr, *, apart: bool = True) -> Iterator[Written]:
    """Each target with what it is made of; of two tuples that are written out, element by element."""
    if isinstance(target, ast.Tuple | ast.List):
        values = elements(value)
        starred = any(isinstance(part, ast.Starred) for part in target.elts)
        same = apart and isinstance(value, ast.Tuple | ast.List) and len(values) == len(target.elts) and not starred
        for number, part in enumerate(target.elts):
            yield from _pairs(part, values[number] if same else value, apart=same)
    elif isinstance(target, ast.Starred):
        yield from _pairs(target.value, value, apart=False)
    elif isinstance(target, ast.Subscript):
        whole = isinstance(target.slice, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Call | ast.Name)
        yield Written(target, (value, *_inside(target)), whole)
    else:
        yield Written(target, (value,))


def _inside(target: ast.expr) -> tuple[ast.expr, ...]:
    """What the place itself reads: the indices in it."""
    found: list[ast.expr] = []
    while isinstance(target, ast.Subscript | ast.Attribute):
        if isinstance(target, ast.Subscript):
            found.append(target.slice)
        target = target.value
    return tuple(found)


def base_of(target: ast.expr) -> str:
    """The variable that a place belongs to: ``dx`` of ``dx[rows]``."""
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""
