"""Where the mistake of a wrong backward was made: the file, the line, the quantity, and how sure that is."""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcheck.diagnosis.fresh import wobbled
from gradcheck.errors import UsageError
from gradcheck.numerics import SEEN, as_real, within
from gradcheck.numerics.tolerance import Array
from gradcheck.pointing import homes_of
from gradcheck.protocol import Case, Failure, quiet
from gradcheck.protocol.deadline import OutOfTime, clock, limited
from gradcheck.protocol.source import SourceLine, relative
from gradcheck.trial import Trial

from .confirmed import confirmed
from .decide import Spot, Suspicion, spot_of, suspicions
from .edits import Edit, edits_of, lines_above
from .exchange import exchanged, without
from .factors import stray_factor
from .history import Place, TooMuchError
from .limits import CONFIRMED, MOST_MISTAKES, SECONDS
from .names import spoken_of
from .narrow import narrowed
from .put_right import put_right
from .rerun import Rerun
from .states import Run, State, understood
from .substitute import puts_right
from .units import Unit, is_path


@dataclass(frozen=True)
class Origin:
    """The place of one mistake.

    Attributes
    ----------
    file, line, code
        The line in which it was made: the first whose value is wrong while all that it reads is right. Where that is
        one of several, the last of them, which is the first that can be seen to be wrong.
    name
        The quantity that this line computes, such as ``dZ2``; empty for one without a name.
    certain
        Whether numbers say so: what the line reads is right, what it computes is wrong, and with the true value in its
        place all that follows is right.
    among
        The lines one of which it is; one where that can be told.
    inputs
        The inputs whose gradients inherit it.
    factor
        What would put the line right, in a sentence: without a factor that has no business there, or with a small edit.
    right
        The quantities that the backward computes before it, and that are right.
    last
        The last line of the statement.
    edits
        Edits of its lines with which all that inherits the mistake is right at this point.
    """

    file: str
    line: int
    code: str
    name: str
    certain: bool
    among: tuple[SourceLine, ...]
    inputs: tuple[str, ...]
    factor: str | None = None
    right: tuple[str, ...] = ()
    last: int = 0
    edits: tuple[Edit, ...] = ()

    @property
    def told(self) -> bool:
        """Whether it is one line."""
        return len(self.among) == 1

    @property
    def where(self) -> SourceLine:
        """The line as reports show it."""
        return SourceLine(relative(self.file), self.line, self.code)


def origins_of(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any] | None = None, seed: int = 0
) -> tuple[Origin, ...]:
    """The mistakes that a wrong backward makes at one point, in the order in which it runs; empty where none is told.

    Never raises for what the user's code does, and takes no longer than twice `SECONDS`.
    """
    found = at_one_point(case, inputs, options, seed)
    chosen = options or {}
    moved = ((wobbled(case, inputs, chosen, number), chosen, seed + number) for number in range(1, CONFIRMED + 2))
    return in_time(lambda: confirmed(case, found, moved, varied=False), without_edits(found))


def without_edits(origins: Sequence[Origin]) -> tuple[Origin, ...]:
    """What is told without them."""
    return tuple(replace(origin, edits=()) for origin in origins if origin.among)


def in_time(look: Callable[[], tuple[Origin, ...]], otherwise: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """What a look finds, unless it takes longer than `SECONDS` or the op answers otherwise at another call."""
    left = min(SECONDS, clock.ends - time.monotonic())
    if left <= 0 or clock.hung:
        return otherwise
    try:
        with limited(left), quiet():
            return look()
    except (OutOfTime, TooMuchError, UsageError):
        return otherwise


def at_one_point(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any] | None = None, seed: int = 0
) -> tuple[Origin, ...]:
    """The same with edits that have not been confirmed anywhere else."""

    def look() -> tuple[Origin, ...]:
        trial = Trial.start(case, case.read(inputs, options), options or {}, seed)
        if isinstance(trial, Failure) or not trial.finite:
            return ()
        rerun = Rerun(trial, homes_of(case.op))
        return tuple(_all_of(rerun)) if rerun.usable else ()

    return in_time(look, ())


def origin_of(
    case: Case, inputs: Sequence[Any], options: Mapping[str, Any] | None = None, seed: int = 0
) -> Origin | None:
    """The first of `origins_of`; None where nothing is told."""
    return next(iter(origins_of(case, inputs, options, seed)), None)


def _all_of(rerun: Rerun) -> list[Origin]:
    """One mistake after the other: the true value is put in the place of a wrong one, and what is still wrong is next.

    Where nothing is wrong in the end, that proves all of them.
    """
    found: dict[tuple[SourceLine, ...], Origin] = {}
    provable: list[tuple[SourceLine, ...]] = []
    for _ in range(MOST_MISTAKES):
        run = understood(rerun)
        if run is None:
            return [replace(o, certain=o.certain or o.among in provable) for o in found.values()]
        more = False
        for suspicion in suspicions(run):
            origin = _origin(run, suspicion)
            if origin is None or origin.among in found:
                continue
            found[origin.among] = origin
            version = suspicion.version
            if version is not None and run.state(version) is State.WRONG and not origin.certain:
                sites = run.means[version.number]
                more = more or (len(sites) == 1 and put_right(run, version, sites[0]))
                if origin.told and not suspicion.idle and not suspicion.loose:
                    provable.append(origin.among)
        if not found and not more:
            return _by_edits(run)
        if not more:
            break
    return list(found.values())


def _by_edits(run: Run) -> list[Origin]:
    """What an edit of some line would put right, where nothing else says which line it is."""
    wrong = [output for output in run.outputs if output.state is State.WRONG]
    edits = edits_of(run, lines_above(run, wrong), wrong)
    names = tuple(output.name for output in wrong)
    return [Origin("", 0, "", "", False, (), names, edits=tuple(edits))] if edits else []


def _origin(run: Run, suspicion: Suspicion) -> Origin | None:
    if not suspicion.culprits or _is_slight(suspicion):
        return None
    version = suspicion.version
    proven = _is_proven(run, suspicion)
    values: Mapping[Place, Array] = {}
    if not proven and suspicion.outputs:
        other = exchanged(run, suspicion)
        suspicion, proven = without(other.suspicion, other.cleared), other.found
        if not proven:
            proven = _is_proven(run, suspicion)
        if not proven:
            found = narrowed(run, suspicion)
            suspicion, proven, values = found.suspicion, found.proven, found.values
            if proven:
                suspicion, proven = _beside_rivals(run, suspicion)
    if not proven and suspicion.idle:  # which may as well have made it
        suspicion = replace(suspicion, culprits=(*suspicion.idle, *suspicion.culprits))
    lines = [_line(spot) for spot in suspicion.culprits]
    plan, unit = suspicion.culprits[-1]
    told = len(lines) == 1
    makes = [v for v in run.history.versions if v.unit is unit and v.name]
    own = version is not None and spot_of(version) == (plan, unit)
    made = version if own else makes[0] if len(makes) == 1 else None
    factor = stray_factor(run, made, values.get(made.place)) if told and made is not None else None
    return Origin(
        plan.code.co_filename,
        unit.line,
        lines[-1].code,
        _target(unit) if made is None else made.name,
        told and proven,
        tuple(lines),
        tuple(output.name for output in suspicion.outputs),
        factor,
        _right_before(run, suspicion),
        unit.last,
        () if factor else tuple(edits_of(run, suspicion.culprits, suspicion.outputs)),
    )


def _beside_rivals(run: Run, suspicion: Suspicion) -> tuple[Suspicion, bool]:
    """A line that equations alone have told, with those that an edit as likely as any of its own would put right.

    What a line adds up may lie by its very form in the span of what another one could have computed: a stencil that is
    written to two places keeps the sum of both, whoever wrote it wrongly. So does a factor that may as well be taken
    out where a value is made as where it is used.
    """
    (own,) = suspicion.culprits
    others = [spot for spot in lines_above(run, suspicion.outputs) if spot[1] is not own[1] and not _hands_on(spot[1])]
    edits = edits_of(run, [own, *others], suspicion.outputs)
    costs = {(edit.file, edit.variant.line): edit.variant.cost for edit in reversed(edits)}
    mine = costs.get((own[0].code.co_filename, own[1].line), float("inf"))
    rivals = [spot for spot in others if within(costs.get((spot[0].code.co_filename, spot[1].line), math.nan), mine)]
    return (replace(suspicion, culprits=(*rivals, own)), False) if rivals else (suspicion, True)


def _hands_on(unit: Unit) -> bool:
    """Whether a line returns what has a name already, as it is."""
    parts = [part.node for part in unit.returned if part.way]
    return bool(parts) and all(is_path(node) for node in parts)


def _is_slight(suspicion: Suspicion) -> bool:
    """Whether what is wrong is off by so little that rounding decides between lines, as where a dtype is too narrow."""
    heirs = [output for output in suspicion.outputs if output.leaf is not None]
    judged = [output.site.slope().judged(as_real(output.leaf)) for output in heirs if output.leaf is not None]
    return bool(heirs) and len(heirs) == len(suspicion.outputs) and all(within(j.gap, SEEN * j.size) for j in judged)


def _is_proven(run: Run, suspicion: Suspicion) -> bool:
    """Whether numbers say so: a gradient that is known by its place, a line that raises, or a value put right."""
    if len(suspicion.culprits) != 1 or suspicion.idle or suspicion.loose:
        return False
    unit = suspicion.culprits[0][1]
    version = suspicion.version
    if version is None:
        raised = run.history.raised_in
        return suspicion.direct and (bool(suspicion.outputs) or any(its is unit for _, its, _ in raised))
    if any(output.version is version for output in suspicion.outputs):
        return True
    return puts_right(run, suspicion, version)


def _line(spot: Spot) -> SourceLine:
    plan, unit = spot
    return SourceLine(relative(plan.code.co_filename), unit.line, " ".join(unit.text.split()))


def _target(unit: Unit) -> str:
    """What a line would have called the value that it did not come to."""
    names = [written.target.id for written in unit.written if isinstance(written.target, ast.Name)]
    return names[0] if len(names) == 1 == len(unit.written) else ""


def _right_before(run: Run, suspicion: Suspicion) -> tuple[str, ...]:
    """The names of the gradients that are right and were computed before."""
    units = {id(unit) for _, unit in suspicion.culprits}
    end = min((v.number for v in run.backward if id(v.unit) in units), default=len(run.history.versions))
    right = [v.name for v in run.backward if v.number < end and run.state(v) is State.RIGHT and not v.is_parameter]
    wanted = [name for name in right if name and spoken_of(name)]
    return tuple(dict.fromkeys(wanted))
