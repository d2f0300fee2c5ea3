"""What many examples say together."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gradcheck.laws import LAWS, Law, law_of, reason_of
from gradcheck.laws.reasons import KINK, RAISED, VACUOUS
from gradcheck.numerics import SEEN, within
from gradcheck.protocol import Case
from gradcheck.protocol.dtypes import as_dtype, float_info
from gradcheck.report import Finding, Report, Severity

from .example import Example, draw_inputs
from .limits import CASE_LIMIT, DECIDED, SHARE
from .options import never_varied
from .parts import Judged, Parts
from .reach import Reach
from .refusals import Refusals
from .rows import Rows
from .still import STILL, Still

_NUMBERS = re.compile(r"\b\d[\d.e+-]*")


@dataclass
class Tally:
    """The reports of the examples judged so far, reduced to what the verdict needs.

    ``floors`` are those of ordinary examples: whether an argument has been seen is not decided by points that
    were chosen to be hard. ``decided`` says of each ordinary example whether it decided an argument, leaving out those
    in which there was nothing to decide. ``classes`` counts, for each special class, its examples and those that were
    decided. ``refusals`` are forwards that raised at ordinary examples. ``ended`` says why the case ended
    before all examples were judged, ``skipped`` how many memory could not hold, ``too_slow`` how many large ones there
    was no time for, ``inner`` how many right ones have no axis of size 0 or 1. ``narrow`` names the inputs of fewer
    digits than float64, where the case draws its own. ``parts`` are the values of options, dtypes and sizes at each of
    which something must have been decided.
    """

    case: Case
    seed: int
    asked: int = 0
    least: int | None = None
    laws: tuple[Law, ...] = LAWS
    count: int = 0
    ended: str = ""
    skipped: int = 0
    too_slow: int = 0
    inner: int = 0
    forwards: int = 0
    backwards: int = 0
    reach: Reach = field(default_factory=Reach)
    floors: dict[str, list[float]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    decided: dict[str, list[bool]] = field(default_factory=dict)
    still: Still = field(default_factory=Still)
    noted: dict[tuple[str, str | None], Finding] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    kinks: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    classes: dict[str, list[bool]] = field(default_factory=dict)
    repeats: bool = True
    refusals: Refusals = field(default_factory=Refusals)
    narrow: frozenset[str] | None = None
    spacing: float = 0.0
    rows: Rows = field(default_factory=Rows)
    parts: Parts = field(default_factory=Parts)

    def add_forward(self) -> None:
        """Count a call of the op that belongs to no example."""
        self.forwards += 1

    def add(self, example: Example, report: Report) -> None:
        """Count one example in."""
        self.count += 1
        self.forwards += report.forwards
        self.backwards += report.backwards
        self.spacing = max(self.spacing, report.spacing)
        self._look_at_dtypes(example)
        raised = next((finding for finding in report.findings if finding.code == RAISED.code), None)
        refusal = raised if is_ordinary(example) and example.layout == "C" else None
        if refusal is not None:
            self.refusals.add(example, refusal)
        for finding in report.findings:
            if finding is not refusal and (
                not example.empty or finding.code == RAISED.code or finding.severity is Severity.HAZARD
            ):
                self.noted.setdefault((finding.code, finding.argument), finding)
        for name in report.arguments:
            self.floors.setdefault(name, [])
            self.limits[name] = max(self.limits.get(name, SEEN), report.limit.get(name, SEEN))
        self.repeats = self.repeats and not any(map(_draws, report.findings))
        if is_ordinary(example) and (raised is None or refusal is not None):
            self._count_floors(example, report)
        if raised is None and not example.empty:
            self.still.add(report)
        for remark in report.remarks:  # once, however many examples say so with other numbers
            self.remarks.setdefault(_NUMBERS.sub("", remark.partition(":")[0]), remark)
        self.rows.add(example, report)
        if not example.empty:
            decided = self._count_undecided(example, report)
            self.reach.add(example, report, decided=decided)

    def told(self, code: str) -> frozenset[str | None]:
        """The arguments of which an example has said something under this code: what the first one says is kept."""
        return frozenset(argument for known, argument in self.noted if known == code)

    def report(self) -> Report:
        """The answer where no example was wrong."""
        floor = {name: self._floor(name) for name in self.floors}
        still = {name: found for name in floor if (found := self._still(name)) is not None}
        report = Report(
            name=str(self.case),
            floor={**floor, **still},
            limit={name: self._limit(name) for name in floor},
            arguments=tuple(floor),
            constants=tuple(self.case.constants or ()),
            seed=self.seed,
            examples=self.count,
            remarks=(*self.remarks.values(), *map(STILL.format, still), *self._own_remarks()),
            witness=self.case.reference is not None,
            forwards=self.forwards,
            backwards=self.backwards,
            planned=self.asked,
            incomplete=self._incomplete(),
            ranges=self.reach.ranges,
            largest=self.reach.largest,
            accuracy=self.case.accuracy,
            still=still,
            rows=self.rows.table(),
        )
        together = [
            finding
            for law in self.laws
            if law.over_examples
            for finding in law.over_examples(self.case, self.rows.seen)
        ]
        return replace(report, findings=(*together, *self._findings(report.unseen)))

    def _look_at_dtypes(self, example: Example) -> None:
        """Which inputs are narrower than float64: as the case says, or as its own inputs are."""
        if self.narrow is None and callable(self.case.inputs):
            case, inputs = self.case, draw_inputs(self.case, example)
            leaves = case.read(inputs, example.options).leaves
            self.narrow = frozenset(a.name for a in leaves if a.differentiable and _is_narrow(a.array.dtype))

    def _count_floors(self, example: Example, report: Report) -> None:
        settled = _settled(report)
        for name in report.arguments:
            self.floors[name].append(report.floor.get(name, math.inf))
            if name in settled:
                self.decided.setdefault(name, []).append(settled[name])
        self.add_to_parts(example, report)

    def add_to_parts(self, example: Example, report: Report) -> None:
        """Count one ordinary example in for the parts that it belongs to alone, not for the case as a whole."""
        settled = {name: found for name, found in _settled(report).items() if name not in report.still}
        why = next((word for finding in report.findings if (word := _undecided(finding.code))), "")
        self.parts.add(Judged(self.case, example, settled, why))

    def _count_undecided(self, example: Example, report: Report) -> bool:
        words = [word for finding in report.findings if (word := _undecided(finding.code))]
        self.undecided.update(words[:1])
        self.kinks += not words and any(finding.code == KINK.code for finding in report.findings)
        for name in _classes(example):
            self.classes.setdefault(name, []).append(not words)
        return not words

    def _incomplete(self) -> str:
        """Why the case cannot be correct, whatever was seen of it."""
        if self.ended and not self._suffices():
            return self.ended
        if self.skipped:
            return f"memory cannot hold the inputs of {self.skipped} of its examples"
        if (shape := self.refusals.shape()) is not None:
            return f"the forward raises at an ordinary shape ({shape})"
        few = [n for n, found in self.decided.items() if 2 * sum(found) < len(found) and self._still(n) is None]
        if few and not math.isinf(min(self._floor(name) for name in few)):
            shares = ", ".join(f"{sum(self.decided[n])} of {len(self.decided[n])} of `{n}`" for n in few)
            why = ", ".join(f"{word} {number}" for word, number in sorted(self.undecided.items()))
            only = self.reach.only_decided()
            return f"fewer than half of the ordinary examples decided anything: {shares} ({why})" + (
                f"; decided were only those with {only}" if only else ""
            )
        return self.parts.never()

    def _suffices(self) -> bool:
        """Whether a case that ended early was judged at as many examples as are said to be enough, or at all."""
        return self.count >= (self.asked if self.least is None else min(self.least, self.asked))

    def _own_remarks(self) -> list[str]:
        """What was not judged, and why; what the case never varied."""
        remarks = []
        if self.ended and self.count < self.asked:
            why = f", of which {self.least} are enough" if self._suffices() else ""
            remarks.append(f"stopped for lack of time after {self.count} of {self.asked} examples{why}")
        if self.skipped:
            remarks.append(f"skipped: {self.skipped} examples whose inputs memory cannot hold")
        if self.too_slow:
            remarks.append(f"skipped for lack of time: {self.too_slow} examples of large sizes")
        if self.undecided:
            why = ", ".join(f"{word} {number}" for word, number in sorted(self.undecided.items()))
            remark = f"not judged: {self.undecided.total()} of {self.count} examples ({why})"
            never = [name for name, decided in self.classes.items() if not any(decided)]
            remarks.append(remark + (f"; none of those with {', '.join(never)}" if never else ""))
        if self.kinks:
            remarks.append(f"judged by one-sided slopes, at a kink: {self.kinks} of {self.count} examples")
        unvaried = never_varied(self.case)
        if unvaried:
            remarks.append(f"options never varied: {', '.join(unvaried)}")
        return remarks

    def _floor(self, name: str) -> float:
        """What a tenth of the ordinary examples reached; nothing where the op draws."""
        floors = self.floors[name]
        return sorted(floors)[max(1, len(floors) // SHARE) - 1] if floors and self.repeats else math.inf

    def _still(self, name: str) -> float | None:
        """The floor of an argument that nowhere moved the forward but by rounding, beside others that were seen."""
        others = [self._floor(other) for other in self.floors if other != name]
        return self.still.floor(name) if any(within(floor, self._limit(name)) for floor in others) else None

    def _limit(self, name: str) -> float:
        """A point has shown something below 1e-3; one in float64 must be seen at 1e-6, if it keeps all its digits."""
        fixed = self.case.inputs is not None and not callable(self.case.inputs)
        narrow = name in self.narrow if self.narrow is not None else _is_narrow(as_dtype(self.case.dtype))
        if narrow:
            return self.limits.get(name, SEEN)
        return SEEN if fixed or self.case.accuracy or self.spacing else CASE_LIMIT

    def _findings(self, unseen: Sequence[str]) -> list[Finding]:
        """Hazards, refusals, and why an argument was not seen; notes on arguments that were are dropped."""
        refusal = self.refusals.finding(self.case)
        kept = [] if refusal is None else [refusal]
        for finding in self.noted.values():
            about_unseen = finding.argument in unseen or (finding.argument is None and bool(unseen))
            noted = finding.code == RAISED.code and refusal is None
            if finding.severity is Severity.HAZARD or about_unseen or noted:
                kept.append(finding)
        return sorted(kept, key=lambda finding: finding.severity.rank)


def is_ordinary(example: Example) -> bool:
    """Whether what it says counts for the verdict: nothing planted, no extreme scale, no axis empty."""
    return not example.empty and not example.special


def _settled(report: Report) -> dict[str, bool]:
    """Whether each argument was decided, of those of which there was something to decide."""
    found = {}
    for name in report.arguments:
        codes = {finding.code for finding in report.findings if finding.argument in (name, None)}
        if VACUOUS.code not in codes:
            floor = report.floor.get(name, math.inf)
            found[name] = bool(within(floor, max(DECIDED, report.limit.get(name, 0.0)))) or (
                KINK.code in codes and not any(map(_undecided, codes))
            )
    return found


def _undecided(code: str) -> str:
    """The word for why an example decided nothing; empty where this code does not say so."""
    reason = reason_of(code)
    return reason.undecided if reason is not None else ""


def _draws(finding: Finding) -> bool:
    """Whether it says that the op does not repeat itself."""
    law = law_of(finding.code)
    return law is not None and law.about_repeating


def _is_narrow(dtype: np.dtype[Any]) -> bool:
    return bool(float_info(dtype).eps > np.finfo(np.float64).eps)


def _classes(example: Example) -> list[str]:
    """The special classes that an example belongs to, or its sizes, in the words of a remark."""
    found = [f"`{example.plant}`"] if example.plant != "none" else []
    if example.special and example.plant == "none":
        kind = "mixed" if isinstance(example.scale, tuple) else "large" if example.scale > 1 else "small"
        found.append(f"{kind} scale")
    elif not example.special and not example.is_large:
        found += [f"{name}={size}" for name, size in example.sizes.items()]
    return found
