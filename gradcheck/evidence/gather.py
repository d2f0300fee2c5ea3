"""Give a wrong report what its pictures are drawn of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.diagnosis.fresh import ordinary
from gradcheck.generation.example import Example, draw_inputs
from gradcheck.generation.layouts import with_layout
from gradcheck.laws import law_of
from gradcheck.protocol import Case, Failure, deadline, quiet
from gradcheck.protocol.deadline import OutOfTime
from gradcheck.report import Evidence, Finding, Heat, Report, Verdict
from gradcheck.trial import Trial

from .curves import curve_of
from .heat import heats_of, stick_heats
from .laws_asked import laws_asked
from .limits import ARGUMENTS, ORDINARY, SECONDS

STICK = "GC6"  # how the codes of its laws begin


def with_evidence(case: Case, report: Report, example: Example) -> Report:
    """The same report with evidence of its example; the verdict stays, and a report that is not wrong.

    Where a case is drawn, the maps are those of an example of ordinary sizes, if its gradient is wrong too.
    """
    if report.verdict is not Verdict.WRONG:
        return report
    drawn = case.inputs is None and case.parsed is not None
    others = list(islice(ordinary(case, example), ORDINARY)) if drawn else []
    points = [_point_of(case, one) for one in (example, *others)]
    return _with(report, points)


def with_evidence_at(
    case: Case, report: Report, inputs: Sequence[Any], options: Mapping[str, Any] | None, seed: int
) -> Report:
    """The same for a report about one point."""
    if report.verdict is not Verdict.WRONG:
        return report
    return _with(report, [_Point(case, lambda: inputs, options or {}, seed, report.sizes or {})])


@dataclass(frozen=True)
class _Point:
    """Where pictures are taken. Inputs are drawn when their turn comes."""

    case: Case
    draw: Callable[[], Sequence[Any]]
    options: Mapping[str, Any]
    seed: int
    sizes: Mapping[str, int]

    def trial(self) -> Trial | None:
        """The op there; None where it raises, or gives what is not finite."""
        inputs = self.draw()
        trial = Trial.start(self.case, self.case.read(inputs, self.options), self.options, self.seed)
        return None if isinstance(trial, Failure) else trial


def _point_of(case: Case, example: Example) -> _Point:
    laid_out = case if example.layout == "C" else replace(case, op=with_layout(case.op, example.layout))
    return _Point(laid_out, lambda: draw_inputs(case, example), example.options, example.seed, example.sizes)


def _with(report: Report, points: Sequence[_Point]) -> Report:
    """What there is of it within the time, and until a fault of our own: no verdict needs it."""
    found: list[Evidence] = []
    try:
        with deadline.limited(SECONDS), quiet():
            for evidence in _gathered(report, points):
                found.append(evidence)
    except OutOfTime:
        pass
    except Exception:
        if os.environ.get(FAULTS) == "raise":
            raise
    return replace(report, evidence=found[-1]) if found else report


def _gathered(report: Report, points: Sequence[_Point]) -> Iterator[Evidence]:
    """All that is known so far, whenever there is more of it; the first point is that of the report."""
    trial = points[0].trial()
    if trial is None:
        return
    evidence = Evidence(laws_asked(report, trial))
    yield evidence
    if not trial.finite or any((law := law_of(finding.code)) is not None and law.blocks for finding in report.errors):
        return
    worst = _worst(report, trial)
    for position, finding in worst.items():
        curve = None if is_of_the_stick(finding) else curve_of(in_double(trial), position, finding)
        if curve is not None:
            yield (evidence := replace(evidence, curves=(*evidence.curves, curve)))
    trials = _Trials(points, trial)
    for position, finding in worst.items():
        yield (evidence := replace(evidence, maps=(*evidence.maps, *trials.maps(position, finding))))


@dataclass
class _Trials:
    """The op at each point, asked as far as it takes."""

    points: Sequence[_Point]
    first: Trial

    @cached_property
    def others(self) -> list[tuple[_Point, Trial]]:
        """The op at ordinary points, where it answers well."""
        found = [(point, point.trial()) for point in self.points[1:]]
        return [(point, trial) for point, trial in found if trial is not None and trial.finite and _is_whole(trial)]

    def maps(self, position: int, finding: Finding) -> Sequence[Heat]:
        """The maps of an argument where they show a place, else at the point of the report."""
        for point, trial in self.others:
            maps = _maps(trial, position, finding, point.sizes)
            if any(any(map(any, heat.wrong)) for heat in maps):
                return maps
        return _maps(self.first, position, finding, self.points[0].sizes)


def _maps(trial: Trial, position: int, finding: Finding, sizes: Mapping[str, int]) -> Sequence[Heat]:
    if is_of_the_stick(finding):
        return tuple(stick_heats(trial, position, sizes))
    return tuple(heats_of(in_double(trial), position, sizes))


def is_of_the_stick(finding: Finding) -> bool:
    """Whether it is about rounding at low precision, which no finite difference shows."""
    return finding.code.startswith(STICK)


def in_double(trial: Trial) -> Trial:
    """Where the slopes of an op of few digits were measured: of the op itself in float64, where it computes in that."""
    return trial.golden.trial if trial.golden is not None and trial.golden.own else trial


def _is_whole(trial: Trial) -> bool:
    """Whether the first answer of the vjp has one gradient of the right shape for each input."""
    if not isinstance(trial.raw, tuple) or len(trial.raw) != len(trial.inputs_read.nestings):
        return False
    try:
        pairs = list(zip(trial.arguments, trial.raw_leaves, strict=True))
    except ValueError:
        return False
    return all((g is None) != a.differentiable and (g is None or np.shape(g) == a.array.shape) for a, g in pairs)


def _worst(report: Report, trial: Trial) -> dict[int, Finding]:
    """The arguments in whose gradient something is wrong, each with its first finding, the worst first."""
    names = [argument.name for argument in trial.arguments]
    found: dict[int, Finding] = {}
    for finding in report.errors:
        if finding.argument in names:
            found.setdefault(names.index(finding.argument), finding)
    return dict(list(found.items())[:ARGUMENTS])
