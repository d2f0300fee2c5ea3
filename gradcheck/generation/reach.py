"""How far the examples of a case reached: the range of every size, the largest value, and which sizes were decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradcheck.report import Report

from .example import Example


@dataclass
class Reach:
    """Sizes by name (of a case that broadcasts, its loop axes too), and the largest magnitude, over what was judged."""

    largest: float = 0.0
    ordinary: dict[str, set[int]] = field(default_factory=dict)
    decided: dict[str, set[int]] = field(default_factory=dict)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, example: Example, report: Report, *, decided: bool) -> None:
        """Count one example in; what it did not decide reaches nowhere."""
        sizes = report.sizes or {}
        if not example.special:
            _collect(self.ordinary, sizes)
        if not decided:
            return
        if not example.special:
            _collect(self.decided, sizes)
        self.largest = max(self.largest, report.largest)
        for name, size in sizes.items():
            low, high = self.ranges.get(name, (size, size))
            self.ranges[name] = (min(low, size), max(high, size))

    def only_decided(self) -> str:
        """``n 1``: the sizes of which alone examples were decided, where others were judged too."""
        found = []
        for name, sizes in self.decided.items():
            if sizes != self.ordinary[name] and len(sizes) <= len(self.ordinary[name]) // 2:
                ends = sorted({min(sizes), max(sizes)})
                found.append(f"{name} {' to '.join(map(str, ends))}")
        return ", ".join(found)


def _collect(into: dict[str, set[int]], sizes: Mapping[str, int]) -> None:
    for name, size in sizes.items():
        into.setdefault(name, set()).add(size)
