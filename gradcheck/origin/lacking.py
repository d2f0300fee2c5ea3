"""A factor that the wrong line, or one term of it, lacks: with it, the line is right."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .evaluating import Evaluating, is_right, with_part
from .follow import Running, Variables
from .history import Version
from .limits import MOST_FACTORS, RETURNED
from .states import Run
from .units import Unit
from .values import as_array, digest

Path = tuple[Any, ...]


@dataclass(frozen=True)
class _Change:
    """One term of a line, ``by`` what it is multiplied or divided, and the whole line with that."""

    term: ast.expr
    by: str
    divides: bool
    whole: ast.expr

    def sentence(self, line: ast.expr) -> str:
        """As a reader is told."""
        term = "it" if self.term is line else f"`{ast.unparse(self.term)}`"
        if self.by == "-1":
            return f"with the opposite sign of {term} the line would be right"
        return f"with {term} {'divided' if self.divides else 'multiplied'} by `{self.by}` the line would be right"


def lacking_factor(run: Run, version: Version, value: Array | None) -> str | None:
    """The number or the variable that one term of a wrong line lacks as a factor, in a sentence.

    None where there is none, or where several would do: a size that equals another proves nothing.
    """
    node = _expression(version)
    if node is None or version.number < run.split or not run.history.guarded:
        return None
    scope = _Scope(run.rerun.mended, wanted=(version.place,), version=version)
    run.rerun.follow_backward(scope)
    changes = list(_changes(node, scope.factors))
    listener = Evaluating(run.rerun.mended, place=version.place, expressions=[change.whole for change in changes])
    run.rerun.follow_backward(listener)
    right = [
        change
        for change, result in zip(changes, listener.results, strict=False)
        if result is not None and _is_right(run, version, value, result)
    ]
    said = {(change.by, change.divides) for change in right}
    if len(said) != 1 or len(scope.factors[right[0].by]) > 1:
        return None
    return right[0].sentence(node)  # the outermost: a factor of a product may stand anywhere in it


def _expression(version: Version) -> ast.expr | None:
    """What a line computes for a value."""
    unit = version.unit
    if unit is None:
        return None
    spot = version.place.spot - RETURNED
    if 0 <= spot < len(unit.returned):
        return unit.returned[spot].node
    node = unit.node
    return node.value if isinstance(node, ast.Assign) and len(node.targets) == 1 else None


def _is_right(run: Run, version: Version, value: Array | None, result: Array) -> bool:
    returned = [output for output in run.outputs if output.version is version]
    return any(output.is_met_by(result) for output in returned) or is_right(run, version, value, result)


@dataclass
class _Scope(Evaluating):
    """A listener that keeps what a line could have multiplied by, by its name, with all other names of the same."""

    version: Version | None = None
    factors: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.version is not None
        self.place = self.version.place
        super().__post_init__()

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Look at all variables."""
        place = self.place
        if place is None or self.factors or running.code is not place.code or unit.line != place.line:
            return
        if self._times[running.code, unit.line] != place.time:
            return
        version = self.version
        assert version is not None
        alike: dict[Any, list[str]] = defaultdict(list)
        for name, given in [("2", 2.0), ("-1", -1.0), *dict(names).items()]:
            array = as_array(given)
            if array is not None and array.dtype.kind in "iuf" and array.size and name != version.name:
                alike[digest(np.asarray(array, np.float64))].append(name)
        self.factors = {same[0]: same for same in list(alike.values())[:MOST_FACTORS]}


def _changes(node: ast.expr, factors: dict[str, list[str]]) -> Iterator[_Change]:
    for path, term in [((), node), *_terms(node, ())]:
        for by in factors:
            factor = ast.parse(by, mode="eval").body
            for operator in (ast.Mult(), ast.Div()) if by != "-1" else (ast.Mult(),):
                whole = with_part(node, path, ast.BinOp(term, operator, factor))
                yield _Change(term, by, isinstance(operator, ast.Div), whole)


def _terms(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.expr]]:
    """What is added, or handed to a function, at any depth."""
    for name, value in ast.iter_fields(node):
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for number, part in parts:
            if not isinstance(part, ast.expr) or (isinstance(node, ast.Call) and name == "func"):
                continue
            its = (*path, name if number is None else (name, number))
            added = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
            if added or (isinstance(node, ast.Call) and name == "args"):
                yield its, part
            yield from _terms(part, its)
