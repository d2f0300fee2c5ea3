"""How much of a backward is right, as a number and as a list: for courses that grade."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report

FAMILIES = (("GC1", "form"), ("GC2", "behaviour"), ("GC4", "second derivatives and forward mode"), ("GC5", "training"))


@dataclass(frozen=True)
class Part:
    """One thing that is right or wrong, or that was not seen (None).

    ``name`` is an input, whose gradient is meant, or a family of laws; ``codes`` are the laws that it breaks, and
    ``made`` is the line in which its mistake was made, ``mine.py:14``, where that is known. Several parts may come from
    one line.
    """

    name: str
    right: bool | None
    codes: tuple[str, ...] = ()
    made: str | None = None

    def __str__(self) -> str:
        word = "not seen" if self.right is None else "right" if self.right else "wrong"
        told = f" ({', '.join(self.codes)})" if self.codes else ""
        return f"{self.name}: {word}{told}{f', made at {self.made}' if self.made else ''}"


@dataclass(frozen=True)
class Grade:
    """The share of the parts that are right, of those that were seen.

    ``number`` is between 0 and 1; 0 where nothing was seen, or the backward gives no answer. ``mistakes`` counts lines,
    as far as they are known, and else findings: one mistake that many gradients inherit is one.
    """

    number: float
    parts: tuple[Part, ...]
    mistakes: int = 0

    def __str__(self) -> str:
        return "\n".join([f"{self.number:.2f}", *(f"  {part}" for part in self.parts)])


def grade(report: Report) -> Grade:
    """One part for the gradient of each input, one for the form of the answer, one for its behaviour.

    Second derivatives, forward mode and training are parts only where they are wrong, since few cases ask for them.
    """
    parts = [_gradient(report, name) for name in report.arguments]
    for prefix, name in FAMILIES:
        broken = [f for f in report.errors if f.code.startswith(prefix)]
        if broken or prefix in ("GC1", "GC2"):
            codes = tuple(dict.fromkeys(finding.code for finding in broken))
            asked = True if parts and any(part.right is not None for part in parts) else None
            parts.append(Part(name, False if broken else asked, codes))
    seen = [part for part in parts if part.right is not None]
    number = sum(part.right is True for part in seen) / len(seen) if seen else 0.0
    lines = {(f.made.where.path, f.made.where.line) if f.made else (f.code, f.argument) for f in report.errors}
    return Grade(0.0 if _answers_nothing(report) else number, tuple(parts), len(lines))


def _gradient(report: Report, name: str) -> Part:
    broken = [finding for finding in report.errors if finding.argument == name]
    if broken:
        made = next((f.made for f in broken if f.made is not None and f.made.told), None)
        place = None if made is None else f"{made.where.path}:{made.where.line}"
        return Part(name, False, tuple(dict.fromkeys(finding.code for finding in broken)), place)
    if any(finding.argument is None and finding.code.startswith(("GC1", "GC3")) for finding in report.errors):
        return Part(name, False, tuple(dict.fromkeys(f.code for f in report.errors if f.argument is None)))
    floor = report.floor.get(name, math.inf)
    return Part(name, True if name not in report.unseen and math.isfinite(floor) else None)


def _answers_nothing(report: Report) -> bool:
    return any(finding.code in ("GC101", "GC102", "GC103") for finding in report.errors)
