"""The backward again with another statement in the place of one of its own, wherever that runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .follow import Running, Variables
from .lookup import ENTRY, at, put, value_at
from .rerun import Replacing
from .units import Plan, Unit
from .values import as_array

Statement = ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr


@dataclass(frozen=True)
class _Kept:
    """What a target held before its line ran."""

    owner: Any
    step: Any
    name: str
    value: Any
    numbers: Array | None

    def put_back(self, names: Variables) -> None:
        if self.numbers is not None:
            self.value[...] = self.numbers
        if self.step is not ENTRY:
            put(self.owner, self.step, self.name, names, self.value)


@dataclass
class Rewritten(Replacing):
    """A listener that carries out another statement after that of a line (``before``), from what stood there before it.

    ``answer`` is what another ``return`` would have answered beside its ``own``: that is computed, and cannot be put in
    place. ``beside`` are values of the forward that a closure has not kept, and another statement may name.
    """

    beside: Variables = field(default_factory=dict)
    plan: Plan | None = None
    unit: Unit | None = None
    before: Statement | None = None
    statement: Statement | None = None
    own: Any = None
    answer: Any = None
    _kept_before: list[_Kept] = field(default_factory=list)
    _absent: list[str] = field(default_factory=list)
    _code: CodeType | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.plan is not None
        assert self.before is not None
        self.statement = self.statement or self.before
        self._codes.add(self.plan.code)
        self._code = compiled(self.statement)

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Keep what the line is about to write to."""
        if not self._is_mine(running, unit):
            return
        if isinstance(self.statement, ast.Return):
            self.own = _evaluated(compiled(self.before or self.statement), {**self.beside, **names}, running.outside)
            self.answer = _evaluated(self._code, {**self.beside, **names}, running.outside)
            return
        self._kept_before, self._absent = [], []
        for written in unit.written:
            target: ast.expr = written.target
            found = at(target, names, running.outside)
            while found is not None and found[1] is ENTRY and isinstance(target, ast.Subscript):
                target = target.value
                found = at(target, names, running.outside)
            if found is None:
                if isinstance(target, ast.Name):
                    self._absent.append(target.id)
                continue
            owner, step, name = found
            value = value_at(owner, step, name, names)
            numbers = np.array(value) if isinstance(value, np.ndarray) else None
            self._kept_before.append(_Kept(owner, step, name, value, numbers))

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        """Put it back, and do the other thing."""
        if self._is_mine(running, unit) and not isinstance(self.statement, ast.Return):
            for kept in self._kept_before:
                kept.put_back(names)
            for name in self._absent:
                names.pop(name, None)
            scope = {**running.outside, **self.beside, **names}
            try:
                exec(self._code, scope)  # type: ignore[arg-type]
            except Exception:  # noqa: BLE001 - another operand may well not fit
                self.missed = True
            else:
                names.update({name: scope[name] for name in _bound(self.statement) if name in scope})
        super().done(running, unit, names)

    def _is_mine(self, running: Running, unit: Unit) -> bool:
        return self.plan is not None and running.code is self.plan.code and unit is self.unit


def compiled(statement: Statement) -> CodeType:
    """A statement as code; of a ``return`` the value."""
    node = statement  # what it shares with others gets the places that it lacks
    if isinstance(node, ast.Return):
        assert node.value is not None
        return compile(ast.fix_missing_locations(ast.Expression(node.value)), "<edited>", "eval")
    return compile(ast.fix_missing_locations(ast.Module([node], [])), "<edited>", "exec")


def _evaluated(code: CodeType | None, names: Variables, outside: Variables) -> Any:
    try:
        return eval(code, {**outside, **names})  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - as above
        return None


def _bound(statement: Statement | None) -> Iterator[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    for target in targets:
        for node in ast.walk(target) if target is not None else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def numbers_in(value: Any, around: tuple[int, ...] = ()) -> list[Array] | None:
    """The arrays of an answer, in order; None where something else is among them, or what is ``around``."""
    if id(value) in around:
        return None
    if isinstance(value, Mapping | tuple | list):
        around = (*around, id(value))
        found: list[Array] = []
        for part in value.values() if isinstance(value, Mapping) else value:
            inner = [] if part is None else numbers_in(part, around)
            if inner is None:
                return None
            found += inner
        return found
    array = as_array(value)
    return None if array is None else [array]
