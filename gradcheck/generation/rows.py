"""The tables of many examples, reduced to one: of each tensor the row that came closest to what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gradcheck.precision import Seen
from gradcheck.report import Report, Row

from .example import Example
from .limits import SHARE


@dataclass
class Rows:
    """The rows of every tensor, by its name, in the order of the examples, and the one that came closest."""

    worst: dict[str, Row] = field(default_factory=dict)
    seen: dict[str, list[Seen]] = field(default_factory=dict)

    def add(self, example: Example, report: Report) -> None:
        """Count one example in; an empty axis has nothing to measure."""
        if example.empty:
            return
        for row in report.rows:
            known = self.worst.get(row.tensor)
            if known is None or known.undecided or (not row.undecided and row.ratio > known.ratio):
                self.worst[row.tensor] = row
            self.seen.setdefault(row.tensor, []).append(Seen(row, dict(example.sizes), example.special))

    def climb(self, rungs: Iterable[Seen]) -> None:
        """Count one rung of the ladder in, which has no part in the table."""
        for one in rungs:
            self.seen.setdefault(one.row.tensor, []).append(one)

    def table(self) -> tuple[Row, ...]:
        """One row a tensor, with the floor that a tenth of the ordinary examples reached."""
        return tuple(
            replace(row, floor=self._floor(name), spread=max(one.row.spread for one in self.seen[name]))
            for name, row in self.worst.items()
        )

    def _floor(self, name: str) -> float:
        floors = sorted(one.row.floor for one in self.seen.get(name, []) if not (one.special or one.rung))
        return floors[max(1, len(floors) // SHARE) - 1] if floors else math.inf
