"""The small edit of one line with which every gradient is right: it says what the mistake was.

Nothing is guessed of the line: each edit is carried out where the line runs, and the gradients that come of it are held
against the slopes of the forward. What holds at one example is held against others, of other sizes where those are
open.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.pointing import homes_of
from gradcheck.protocol import Case, Failure
from gradcheck.trial import Trial

from .above import above
from .decide import Spot
from .follow import Variables
from .lacking import lacking
from .limits import MOST_LINES, MOST_TWICE, TIERS, VARIANT_SECONDS
from .looking import Looking, Proposed
from .rerun import Rerun
from .rewritten import Rewritten, Statement
from .states import Output, Run, State, understood
from .units import Unit
from .values import as_array, digest
from .variants import Variant, pairs, variants

Key = tuple[str, int, str]


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


def _looks(run: Run, spots: Sequence[Spot], again: Sequence[Edit] | None) -> Iterator[Looking]:
    """What each of the lines could be instead; not those that have a hand in the output."""
    forward = {id(v.unit) for v in run.history.versions[: run.split] if run.state(v) is State.RIGHT}
    beside = _of_the_forward(run)
    for plan, unit in spots[:MOST_LINES]:
        statement = _statement(unit)
        if statement is None or id(unit) in forward:
            continue
        look = Looking(run.rerun.mended, beside=beside, plan=plan, unit=unit, before=statement, run=run)
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
    run: Run, looks: Sequence[Looking], outputs: Collection[Output], proposed: Proposed, ends: float
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


def _mends(run: Run, look: Looking, variant: Variant, outputs: Collection[Output]) -> bool:
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
