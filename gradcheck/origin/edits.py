"""The small edit of one line with which every gradient is right: it says what the mistake was.

Nothing is guessed of the line: each edit is carried out where the line runs, and the gradients that come of it are held
against the slopes of the forward. What holds at one example is held against others, of other sizes where those are
open.
"""

from __future__ import annotations

import ast
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.pointing import homes_of
from gradcheck.protocol import Case, Failure
from gradcheck.trial import Trial

from .above import above
from .decide import Spot
from .follow import Running, Variables
from .harmless import is_harmless
from .lacking import lacking
from .limits import MOST_ENTRIES, MOST_LINES, MOST_TWICE, MOST_VARIANTS, TIERS, VARIANT_SECONDS
from .operands import Scope
from .rerun import Rerun
from .rewritten import Rewritten, Statement, compiled, numbers_in
from .states import Output, Run, State, understood
from .units import Unit
from .values import as_array, digest
from .variants import Variant, pairs, variants

Key = tuple[str, int, str]
Proposed = Callable[[int, Statement, Scope], Iterator[Variant]]


@dataclass(frozen=True)
class Edit:
    """An edit of a line that makes all right; ``last`` is the last line of its statement."""

    file: str
    code: str
    last: int
    variant: Variant

    @property
    def key(self) -> Key:
        """What is the same at another example."""
        return (self.file, *self.variant.key)


def edits_of(
    run: Run, spots: Sequence[Spot], outputs: Collection[Output], again: Sequence[Edit] | None = None
) -> list[Edit]:
    """The edits of some lines with which these wrong gradients are right, and the right ones still.

    The likeliest first; ``again`` are the only ones that are tried, where they are given. Of what hands its values to
    code that checks nothing, none is tried.
    """
    if not outputs or not run.history.guarded or run.history.raised_in:
        return []
    ends = time.process_time() + VARIANT_SECONDS
    looks = list(_looks(run, spots, again))
    for proposed in _stages(run):
        found = _tried(run, looks, outputs, proposed, ends)
        if found or again is not None:
            return found
    return _tried(run, looks, outputs, pairs, ends) if len(looks) <= MOST_TWICE else []


def _stages(run: Run) -> Iterator[Proposed]:
    """The likeliest edits first; what the numbers themselves say is lacking before what is only tried."""
    above = 0.0
    for most in TIERS:
        if most == TIERS[-1]:
            yield partial(lacking, run)
        yield partial(variants, above=above, most=most)
        above = most


def _looks(run: Run, spots: Sequence[Spot], again: Sequence[Edit] | None) -> Iterator[_Looking]:
    """What each of the lines could be instead; not those that have a hand in the output."""
    forward = {id(v.unit) for v in run.history.versions[: run.split] if run.state(v) is State.RIGHT}
    beside = _of_the_forward(run)
    for plan, unit in spots[:MOST_LINES]:
        statement = _statement(unit)
        if statement is None or id(unit) in forward:
            continue
        look = _Looking(run.rerun.mended, beside=beside, plan=plan, unit=unit, before=statement, run=run)
        if again is not None:
            look.given = [e.variant for e in again if (e.file, e.variant.line) == (plan.code.co_filename, unit.line)]
        yield look


def _of_the_forward(run: Run) -> Variables:
    """What the forward named on its way: the last of each name, if nobody wrote into it."""
    found: Variables = {}
    for version in run.history.versions[: run.split]:
        if version.array is not None and version.name.isidentifier() and run.state(version) is State.RIGHT:
            found[version.name] = version.array
    return found


def _tried(
    run: Run, looks: Sequence[_Looking], outputs: Collection[Output], proposed: Proposed, ends: float
) -> list[Edit]:
    """Those of the proposed edits that do, of all lines the likeliest first."""
    for look in looks:
        if time.process_time() < ends:
            look.begin(proposed)
            run.rerun.follow_backward(look)
    found: list[Edit] = []
    tasks = [(group, look) for look in looks for group in look.groups]
    for group, look in sorted(tasks, key=lambda task: task[0][0].cost):
        if time.process_time() > ends:
            break
        if _mends(run, look, group[0], outputs):
            found += [Edit(look.file, look.code, look.last, variant) for variant in group]
    once = {edit.key: edit for edit in reversed(found)}
    return sorted(once.values(), key=lambda edit: edit.variant.cost)


def still_right(
    case: Case, edits: Sequence[Edit], names: Collection[str], point: tuple[Sequence[Any], Mapping[str, Any], int]
) -> list[Edit] | None:
    """Those of the edits that make all right at another point; None where nothing is wrong there to be mended."""
    inputs, options, seed = point
    trial = Trial.start(case, case.read(inputs, options), options, seed)
    if isinstance(trial, Failure) or not trial.finite:
        return None
    rerun = Rerun(trial, homes_of(case.op))
    run = understood(rerun) if rerun.usable else None
    wrong = [] if run is None else [o for o in run.outputs if o.state is State.WRONG and o.name in names]
    if run is None or not wrong:
        return None
    lines = {(edit.file, edit.variant.line) for edit in edits}
    spots = {id(v.unit): (v.plan, v.unit) for v in run.history.versions if v.unit is not None}
    spots |= {id(run.history.last[1]): run.history.last} if run.history.last is not None else {}
    again = [(plan, unit) for plan, unit in spots.values() if (plan.code.co_filename, unit.line) in lines]
    found = {edit.key for edit in edits_of(run, again, wrong, edits)}
    return [edit for edit in edits if edit.key in found]


def lines_above(run: Run, outputs: Collection[Output]) -> list[Spot]:
    """Every line of the backward that has a hand in wrong gradients, the last first."""
    found: dict[int, Spot] = {}
    if run.history.last is not None:
        found[id(run.history.last[1])] = run.history.last
    versions = [output.version for output in outputs if output.version is not None]
    for version in sorted({v.number: v for v in (*versions, *above(versions))}.values(), key=lambda v: -v.number):
        if version.unit is not None and run.state(version) is not State.RIGHT:
            found.setdefault(id(version.unit), (version.plan, version.unit))
    return list(found.values())


def _statement(unit: Unit) -> Statement | None:
    """The statement of a line that computes something; a lambda is what it returns."""
    node = unit.node
    if unit.control or not (unit.written or unit.returned):
        return None
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr):
        return node if node.value is not None else None
    return ast.Return(node) if isinstance(node, ast.expr) else None


@dataclass
class _Looking(Rewritten):
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


def _mends(run: Run, look: _Looking, variant: Variant, outputs: Collection[Output]) -> bool:
    """Whether these gradients are right with the edit, and those that were right still are."""
    assert look.plan is not None
    assert look.unit is not None
    listener = Rewritten(
        run.rerun.mended,
        beside=look.beside,
        plan=look.plan,
        unit=look.unit,
        before=look.before,
        statement=variant.statement,
    )
    raw = run.rerun.follow_backward(listener)
    if isinstance(variant.statement, ast.Return):
        leaves = _leaves_of(run, look.unit, listener)
    else:
        leaves = None if listener.missed else run.rerun.leaves(raw)
    if leaves is None:
        return False
    asked = [output for output in run.outputs if output in outputs or output.state is State.RIGHT]
    return bool(asked) and all(output.is_met_by(leaves[output.position]) for output in asked)


def _leaves_of(run: Run, unit: Unit, listener: Rewritten) -> list[Any] | None:
    """The gradients of all inputs with another answer of the outermost function, which an adapter may hand on.

    Each gradient is looked for among what the function returned, as it is or multiplied by the cotangent of a cost.
    """
    if run.history.last is None or run.history.last[1] is not unit or listener.answer is None:
        return None
    leaves: list[Any] = [None] * len(run.rerun.inputs)
    for output in run.outputs:
        leaves[output.position] = _leaf_of(run, unit, output, listener)
    return leaves


def _leaf_of(run: Run, unit: Unit, output: Output, listener: Rewritten) -> Array | None:
    if output.version is None or output.version.array is None or output.leaf is None:
        return output.leaf
    own, wanted = output.version.array, digest(output.version.array)
    ways = [
        part for part in unit.returned if (a := as_array(part.of(listener.own))) is not None and digest(a) == wanted
    ]
    other = as_array(ways[0].of(listener.answer)) if len(ways) == 1 else None
    if other is None:
        return output.leaf if not ways else None
    if wanted == digest(output.leaf):
        return other
    cotangent = np.asarray(run.rerun.cotangents[0])  # what an adapter multiplies by
    fits = len(run.rerun.cotangents) == 1 and cotangent.shape in ((), own.shape)
    return np.asarray(other * cotangent) if fits else None
