"""Other expressions in the place of a line, computed where that line is about to run."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradcheck.numerics import differs_at
from gradcheck.numerics.tolerance import Array

from .follow import Running, Variables
from .history import Place, Version
from .limits import SLACK
from .rerun import Replacing
from .states import Run, State
from .units import Unit
from .values import as_array


@dataclass
class Evaluating(Replacing):
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
            self.results = [computed(expression, names, running.outside) for expression in self.expressions]


def is_right(run: Run, version: Version, value: Array | None, result: Array) -> bool:
    """Whether a line would be right with another value; ``value`` is what it should be where that was solved for."""
    if run.state(version) is State.WRONG:
        return run.is_met(version, result)
    if value is None or value.shape != result.shape:
        return False
    errors = [output.site.truth.error for output in run.outputs if output.state is State.WRONG and output.site.truth]
    largest = float(np.abs(value).max(initial=0.0))
    return differs_at(result, value, SLACK * max([*errors, float(np.finfo(float).eps)]) * largest) is None


def with_part(node: ast.expr, path: tuple[Any, ...], rest: ast.expr) -> ast.expr:
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


def computed(expression: ast.expr, names: Variables, outside: Variables) -> Array | None:
    """What an expression comes to; None where it raises, is none by itself (``*shape``), or holds no numbers."""
    whole = ast.fix_missing_locations(ast.Expression(copy.deepcopy(expression)))
    try:
        code = compile(whole, "<a factor less>", "eval")
        array = as_array(eval(code, outside, dict(names)))
    except Exception:  # noqa: BLE001 - without a factor it may well not fit together
        return None
    return None if array is None else np.array(array)
