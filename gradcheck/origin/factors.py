"""A factor of the wrong line that has no business there: without it, the line is right."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.numerics import differs_at
from gradcheck.numerics.tolerance import Array

from .follow import Running, Variables
from .history import Place, Version
from .limits import SLACK
from .names import meant_by
from .rerun import Replacing
from .states import Run, State
from .units import Unit, is_path
from .values import as_array

_PRODUCTS = ("dot", "matmul", "multiply")


@dataclass
class _Evaluating(Replacing):
    """A listener that computes other expressions where a line is about to run."""

    place: Place | None = None
    expressions: list[ast.expr] = field(default_factory=list)
    results: list[Array | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.place is not None:
            self._codes.add(self.place.code)

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Compute them all."""
        place = self.place
        if place is None or self.results or running.code is not place.code or unit.line != place.line:
            return
        if self._times[running.code, unit.line] == place.time:
            self.results = [_computed(expression, names, running.outside) for expression in self.expressions]


def stray_factor(run: Run, version: Version, value: Array | None) -> str | None:
    """The factor without which a wrong line computes what it should, in a sentence; None where there is none.

    ``value`` is what it should compute, where that was solved for.
    """
    unit = version.unit
    node = None if unit is None else unit.node
    simple = isinstance(node, ast.Assign) and len(node.targets) == 1 and version.number >= run.split
    if not isinstance(node, ast.Assign) or not simple or not run.history.guarded:
        return None
    found = list(_without(node.value))
    listener = _Evaluating(run.rerun.mended, place=version.place, expressions=[rest for _, rest in found])
    run.rerun.follow_backward(listener)
    right = [
        factor
        for (factor, _), result in zip(found, listener.results, strict=False)
        if result is not None and _is_right(run, version, value, result)
    ]
    return _sentence(run, version, right[0], node.value) if len(right) == 1 else None


def _is_right(run: Run, version: Version, value: Array | None, result: Array) -> bool:
    if run.state(version) is State.WRONG:
        return run.is_met(version, result)
    if value is None or value.shape != result.shape:
        return False
    errors = [output.site.truth.error for output in run.outputs if output.state is State.WRONG and output.site.truth]
    largest = float(np.abs(value).max(initial=0.0))
    return differs_at(result, value, SLACK * max([*errors, float(np.finfo(float).eps)]) * largest) is None


def _without(node: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each factor that is looked up, of products at any depth, and the whole expression without it."""
    for path, factor, rest in _factors(node, ()):
        if is_path(factor) and not isinstance(factor, ast.Tuple | ast.List):
            yield factor, _with(node, path, rest)


def _factors(node: ast.AST, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], ast.expr, ast.expr]]:
    """Where a product stands, one of its two sides, and the other."""
    sides = _sides(node)
    if sides is not None:
        left, right, divides = sides
        yield path, right, left
        if not divides:
            yield path, left, right
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield from _factors(value, (*path, name))
        elif isinstance(value, list):
            for number, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _factors(part, (*path, (name, number)))


def _sides(node: ast.AST) -> tuple[ast.expr, ast.expr, bool] | None:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult | ast.Div):
        return node.left, node.right, isinstance(node.op, ast.Div)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PRODUCTS:
        if len(node.args) == 1:
            return node.func.value, node.args[0], False
        if len(node.args) == 2:
            return node.args[0], node.args[1], False
    return None


def _with(node: ast.expr, path: tuple[Any, ...], rest: ast.expr) -> ast.expr:
    """The expression with something else at a place."""
    if not path:
        return rest
    whole = copy.deepcopy(node)
    owner: Any = whole
    for step in path[:-1]:
        owner = getattr(owner, step[0])[step[1]] if isinstance(step, tuple) else getattr(owner, step)
    last = path[-1]
    if isinstance(last, tuple):
        getattr(owner, last[0])[last[1]] = rest
    else:
        setattr(owner, last, rest)
    return whole


def _computed(expression: ast.expr, names: Variables, outside: Variables) -> Array | None:
    code = compile(ast.fix_missing_locations(ast.Expression(copy.deepcopy(expression))), "<a factor less>", "eval")
    try:
        array = as_array(eval(code, outside, dict(names)))
    except Exception:  # noqa: BLE001 - without a factor it may well not fit together
        return None
    return None if array is None else np.array(array)


def _sentence(run: Run, version: Version, factor: ast.expr, whole: ast.expr) -> str:
    """Where it does not belong, if the line has a name on both sides."""
    text = f"`{ast.unparse(factor)}`"
    ends = [meant_by(parent.name) for parent in version.parents if parent.number in run.moves and parent.name]
    target = meant_by(version.name)
    array = _matrix(whole, factor)
    what = "multiplies by a matrix that stands" if array else "is a factor that stands"
    if target and len(ends) == 1 and ends[0]:
        return f"{text} {what} nowhere between `{ends[0]}` and `{target}`"
    return f"without the factor {text} it would be right"


def _matrix(whole: ast.expr, factor: ast.expr) -> bool:
    """Whether it is a factor of a matrix product."""
    for node in ast.walk(whole):
        sides = _sides(node)
        if sides is not None and (sides[0] is factor or sides[1] is factor):
            return not isinstance(node, ast.BinOp) or isinstance(node.op, ast.MatMult)
    return False
