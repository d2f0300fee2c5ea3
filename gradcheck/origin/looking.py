"""Where a line first runs: which of its edits come to something else of the same form."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .follow import Running, Variables
from .harmless import is_harmless
from .limits import MOST_ENTRIES, MOST_VARIANTS
from .operands import Scope
from .rewritten import Rewritten, Statement, compiled, numbers_in
from .states import Run
from .units import Unit
from .values import digest
from .variants import Variant

Proposed = Callable[[int, Statement, Scope], Iterator[Variant]]


@dataclass
class Looking(Rewritten):
    """Where a line first runs: which of its edits come to something else of the same form, in groups of equal ones."""

    run: Run | None = None
    given: Sequence[Variant] | None = None
    groups: list[list[Variant]] = field(default_factory=list)
    _proposed: Proposed | None = None

    def begin(self, proposed: Proposed) -> None:
        """Look anew, at other edits."""
        self.groups, self._proposed = [], proposed
        self._times.clear()

    @property
    def file(self) -> str:
        """Where the line stands."""
        return "" if self.plan is None else self.plan.code.co_filename

    @property
    def code(self) -> str:
        """As reports show it."""
        return "" if self.unit is None else " ".join(self.unit.text.split())

    @property
    def last(self) -> int:
        """Its last line."""
        return 0 if self.unit is None else self.unit.last

    def begins(self, running: Running, unit: Unit, names: Variables) -> None:
        """Compute every edit once."""
        if self._proposed is None or not self._is_mine(running, unit):
            return
        proposed, self._proposed = self._proposed, None
        assert self.before is not None
        assert self.run is not None
        history = self.run.history
        functions = list({id(v.plan): v.plan.function for v in history.versions}.values())
        scope = Scope({**self.beside, **names}, running.outside, functions)
        times = max(Counter(v.place.spot for v in history.versions if v.unit is unit).values(), default=1)
        apart = times > 1  # what is equal now may differ the next time
        own = _computed(self.before, scope)
        if (
            own is None
            or sum(a.size for a in own) > MOST_ENTRIES // 2**6
            or not is_harmless(self.before, own, scope.looked_up)
        ):
            return
        now = _fingerprint(own)
        groups: dict[Any, list[Variant]] = defaultdict(list)
        for count, variant in enumerate(islice(self._all(proposed, scope), MOST_VARIANTS)):
            value = _computed(variant.statement, scope)
            if value is None or [a.shape for a in value] != [a.shape for a in own]:
                continue
            known, elsewhere = _fingerprint(value), _targets(variant.statement)
            if apart or known != now or elsewhere != _targets(self.before):
                groups[(known, elsewhere, count if apart else 0)].append(variant)
        self.groups = list(groups.values())

    def _all(self, proposed: Proposed, scope: Scope) -> Iterator[Variant]:
        assert self.unit is not None
        assert self.before is not None
        return proposed(self.unit.line, self.before, scope) if self.given is None else iter(self.given)

    def done(self, running: Running, unit: Unit, names: Variables) -> None:
        """The line itself stays as it is."""
        super(Rewritten, self).done(running, unit, names)


def _added_at(statement: Statement) -> ast.Call | None:
    """The call of ``np.add.at(whole, index, values)``, which is another form of ``whole[index] += values``."""
    call = statement.value
    at = isinstance(statement, ast.Expr) and isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".add.at")
    return call if at and isinstance(call, ast.Call) and len(call.args) == 3 else None


def _targets(statement: Statement) -> str:
    """What is written to, and how."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    added = _added_at(statement)
    targets = targets if added is None else added.args[:-1]
    written = [ast.unparse(target) for target in targets if target is not None]
    return f"{type(getattr(statement, 'op', statement)).__name__} {written}"


def _computed(statement: Statement, scope: Scope) -> list[Array] | None:
    """What the right-hand side comes to, before anything is written; of a call that writes what it is given."""
    given = statement.value
    added = _added_at(statement)
    if added is not None:
        given = added.args[-1]
    elif isinstance(statement, ast.Expr) and isinstance(given, ast.Call):
        given = ast.Tuple([*given.args, *(keyword.value for keyword in given.keywords)], ast.Load())
    try:
        value = eval(compiled(ast.Return(given)), {**scope.outside, **scope.names})
    except Exception:  # noqa: BLE001 - another operand may well not fit
        return None
    return numbers_in(value)


def _fingerprint(arrays: Sequence[Array]) -> tuple[Any, ...]:
    """What two values share that differ by rounding."""
    return tuple(digest(_rounded(a)) for a in arrays)


def _rounded(array: Array) -> Array:
    if array.dtype.kind not in "fc":
        return array
    largest = float(np.abs(array).max(initial=0.0))
    return array if not largest or not np.isfinite(largest) else np.round(array / largest, 9) * np.round(largest, 12)
