"""What many examples say together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gradcheck.numerics import SEEN
from gradcheck.protocol import Case
from gradcheck.report import Finding, Report, Severity

from .example import Example
from .options import never_varied

CASE_LIMIT = 1e-6
SHARE = 10

_UNDECIDED = {"GC902": "noise", "GC904": "domain", "GC905": "singular", "GC906": "raised"}


@dataclass
class Tally:
    """The reports of the examples judged so far, reduced to what the verdict needs.

    ``floors`` are those of ordinary examples: whether an argument has been seen is not decided by points that
    were chosen to be hard. ``classes`` counts, for each special class, its examples and those that were decided.
    """

    case: Case
    seed: int
    asked: int = 0
    count: int = 0
    late: bool = False
    forwards: int = 0
    backwards: int = 0
    floors: dict[str, list[float]] = field(default_factory=dict)
    noted: dict[tuple[str, str | None], Finding] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    kinks: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    classes: dict[str, list[bool]] = field(default_factory=dict)
    refused: Finding | None = None
    repeats: bool = True

    def add_forward(self) -> None:
        """Count a call of the op that belongs to no example."""
        self.forwards += 1

    def add(self, example: Example, report: Report) -> None:
        """Count one example in."""
        self.count += 1
        self.forwards += report.forwards
        self.backwards += report.backwards
        empty = example.empty
        ordinary = not empty and not example.special
        for name in report.arguments:
            self.floors.setdefault(name, [])
            if ordinary:
                self.floors[name].append(report.floor.get(name, math.inf))
        self.repeats = self.repeats and all(finding.code != "GC206" for finding in report.findings)
        for finding in report.findings:
            if finding.code == "GC906" and ordinary and example.layout == "C":
                self.refused = self.refused or finding
            elif not empty or finding.code == "GC906" or finding.severity is Severity.HAZARD:
                self.noted.setdefault((finding.code, finding.argument), finding)
        self.remarks.update(dict.fromkeys(report.remarks))
        if not empty:
            self._count_undecided(example, report)

    def report(self) -> Report:
        """The answer where no example was wrong."""
        floor = {name: self._floor(floors) for name, floors in self.floors.items()}
        report = Report(
            name=str(self.case),
            floor=floor,
            limit=dict.fromkeys(floor, self._limit()),
            arguments=tuple(floor),
            seed=self.seed,
            examples=self.count,
            remarks=(*self.remarks, *self._own_remarks()),
            witness=self.case.reference is not None,
            forwards=self.forwards,
            backwards=self.backwards,
        )
        return replace(report, findings=tuple(self._findings(report.unseen)))

    def _count_undecided(self, example: Example, report: Report) -> None:
        words = [_UNDECIDED[finding.code] for finding in report.findings if finding.code in _UNDECIDED]
        self.undecided.update(words[:1])
        self.kinks += not words and any(finding.code == "GC903" for finding in report.findings)
        for name in _classes(example):
            self.classes.setdefault(name, []).append(not words)

    def _own_remarks(self) -> list[str]:
        """What was not judged, and why; what the case never varied."""
        remarks = []
        if self.late and self.count < self.asked:
            remarks.append(f"stopped for lack of time after {self.count} of {self.asked} examples")
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

    def _floor(self, floors: Sequence[float]) -> float:
        """What a tenth of the examples reached; nothing where the op refused an ordinary shape, or draws."""
        if self.refused is not None or not self.repeats or not floors:
            return math.inf
        return sorted(floors)[max(1, len(floors) // SHARE) - 1]

    def _limit(self) -> float:
        """A point has shown something below 1e-3; a case in float64 must have been seen at 1e-6."""
        narrow = np.finfo(self.case.dtype).eps > np.finfo(np.float64).eps
        fixed = self.case.inputs is not None and not callable(self.case.inputs)
        return SEEN if narrow or fixed else CASE_LIMIT

    def _findings(self, unseen: Sequence[str]) -> list[Finding]:
        """Hazards, refusals, and why an argument was not seen; notes on arguments that were are dropped."""
        kept = [self.refused] if self.refused else []
        for finding in self.noted.values():
            about_unseen = finding.argument in unseen or (finding.argument is None and bool(unseen))
            if finding.severity is Severity.HAZARD or about_unseen or finding.code == "GC906":
                kept.append(finding)
        return sorted(kept, key=lambda finding: finding.severity.rank)


def _classes(example: Example) -> list[str]:
    """The special classes that an example belongs to, in the words of a remark."""
    found = [f"`{example.plant}`"] if example.plant != "none" else []
    if example.special and example.plant == "none":
        kind = "mixed" if isinstance(example.scale, tuple) else "large" if example.scale > 1 else "small"
        found.append(f"{kind} scale")
    return found
