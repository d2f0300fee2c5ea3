"""What many examples say together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gradcheck.numerics import SEEN
from gradcheck.protocol import Case
from gradcheck.report import Finding, Report, Severity

CASE_LIMIT = 1e-6
SHARE = 10


@dataclass
class Tally:
    """The reports of the examples judged so far, reduced to what the verdict needs."""

    case: Case
    seed: int
    count: int = 0
    forwards: int = 0
    backwards: int = 0
    floors: dict[str, list[float]] = field(default_factory=dict)
    noted: dict[tuple[str, str | None], Finding] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    refused: Finding | None = None

    def add(self, report: Report, *, empty: bool) -> None:
        """Count one example in."""
        self.count += 1
        self.forwards += report.forwards
        self.backwards += report.backwards
        for name in report.arguments:
            self.floors.setdefault(name, [])
            if not empty:
                self.floors[name].append(report.floor.get(name, math.inf))
        for finding in report.findings:
            if finding.code == "GC906" and not empty:
                self.refused = self.refused or finding
            elif not empty or finding.code == "GC906" or finding.severity is Severity.HAZARD:
                self.noted.setdefault((finding.code, finding.argument), finding)
        self.remarks.update(dict.fromkeys(report.remarks))

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
            remarks=tuple(self.remarks),
            witness=self.case.reference is not None,
            forwards=self.forwards,
            backwards=self.backwards,
        )
        return replace(report, findings=tuple(self._findings(report.unseen)))

    def _floor(self, floors: Sequence[float]) -> float:
        """What a tenth of the examples reached; nothing at all where the op refused an ordinary shape."""
        if self.refused is not None or not floors:
            return math.inf
        return sorted(floors)[max(1, len(floors) // SHARE) - 1]

    def _limit(self) -> float:
        """A point has shown something below 1e-3; a case in float64 must have been seen at 1e-6."""
        narrow = np.finfo(self.case.dtype).eps > np.finfo(np.float64).eps
        return SEEN if narrow or self.case.inputs is not None else CASE_LIMIT

    def _findings(self, unseen: Sequence[str]) -> list[Finding]:
        """Hazards, refusals, and why an argument was not seen; notes on arguments that were are dropped."""
        kept = [self.refused] if self.refused else []
        for finding in self.noted.values():
            about_unseen = finding.argument in unseen or (finding.argument is None and bool(unseen))
            if finding.severity is Severity.HAZARD or about_unseen or finding.code == "GC906":
                kept.append(finding)
        return sorted(kept, key=lambda finding: finding.severity.rank)
