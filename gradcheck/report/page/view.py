"""One case as the templates see it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradcheck.foreign import repeated, shown
from gradcheck.protocol.source import SourceLine

from ..events import ERROR, KNOWN, CaseDone, CaseName
from ..evidence import AskedLaw, State
from ..finding import Finding, Verdict
from ..made import Made
from ..origins import by_origin, headline_line
from ..report import Report
from ..text import headline, show_floor
from .curve import Drawing, draw_curve
from .heat import Heats, draw_heat

ORDER = (Verdict.WRONG, ERROR, Verdict.INCONCLUSIVE, KNOWN, Verdict.CORRECT)
"""The worst first."""

_FAMILIES = (
    ("GC1", "form"),
    ("GC2", "behaviour"),
    ("GC3", "values"),
    ("GC4", "order"),
    ("GC5", "training"),
    ("GC6", "precision"),
)


@dataclass(frozen=True)
class View:
    """A case, its number in the page, and how much of it is shown: only a row, or all."""

    number: int
    done: CaseDone
    whole: bool = True
    diff: str = ""

    @property
    def word(self) -> str:
        """The verdict, or known, or error."""
        return self.done.word

    @property
    def is_wrong(self) -> bool:
        """Whether a gradient is wrong, known or not."""
        return self.report is not None and self.report.verdict is Verdict.WRONG

    @property
    def name(self) -> CaseName:
        """Which case."""
        return self.done.case

    @property
    def report(self) -> Report | None:
        """What was found."""
        return self.done.report

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return ORDER.index(self.word)

    @cached_property
    def worst(self) -> Finding | None:
        """The finding that the row speaks of."""
        return next(iter(self.report.errors or self.report.findings), None) if self.report else None

    @cached_property
    def place(self) -> str:
        """File and line of the mistake, else of the op."""
        at = headline_line(self.worst) if self.worst else None
        if at is not None:
            return f"{at.path}:{at.line}"
        return f"{self.name.file}:{self.name.line}" if self.name.file else ""

    @property
    def floor(self) -> str:
        """How small an error would have been seen; nothing where that is not the question."""
        if self.report is None or self.report.verdict is Verdict.WRONG:
            return ""
        return show_floor(self.report.worst_floor)

    @property
    def floor_number(self) -> str:
        """The same to sort by, as JavaScript reads it."""
        found = self.report.worst_floor if self.floor and self.report else math.inf
        return repr(float(found)) if math.isfinite(found) else "Infinity"

    @property
    def sentence(self) -> str:
        """The first line of the report, or the error."""
        return headline(self.report) if self.report else self.done.error or ""

    @cached_property
    def origins(self) -> Sequence[tuple[Made, Sequence[Finding]]]:
        """Lines in which mistakes were made, where that is not the line of the finding itself."""
        found = by_origin(self.report) if self.report else []
        return [
            (made, heirs)
            for made, heirs in found
            if made.factor or not all(_is_there(finding.where, made) for finding in heirs)
        ]

    @cached_property
    def families(self) -> Sequence[tuple[str, Sequence[AskedLaw]]]:
        """The laws, row by row."""
        laws = self.report.evidence.laws if self.report and self.report.evidence else ()
        found = [(name, [law for law in laws if law.code.startswith(prefix)]) for prefix, name in _FAMILIES]
        return [(name, row) for name, row in found if row]

    @cached_property
    def broken(self) -> Sequence[AskedLaw]:
        """The laws that are broken, whose sentences are shown."""
        return [law for _, row in self.families for law in row if law.state in (State.BROKE, State.REMARKED)]

    @cached_property
    def curves(self) -> Sequence[Drawing]:
        """The curves that can be drawn."""
        curves = self.report.evidence.curves if self.report and self.report.evidence else ()
        return [drawing for drawing in map(draw_curve, curves) if drawing is not None]

    @cached_property
    def heats(self) -> Sequence[Heats]:
        """The maps of gradients."""
        maps = self.report.evidence.maps if self.report and self.report.evidence else ()
        return [draw_heat(heat) for heat in maps]

    @property
    def doubts(self) -> Sequence[str]:
        """The doubts that the claim survived."""
        errors = self.report.errors if self.report else ()
        return next((finding.survived for finding in errors if finding.survived), ())

    @cached_property
    def example(self) -> Sequence[tuple[str, str]]:
        """What is out of the ordinary about the reported example, by name."""
        if self.report is None:
            return []
        found: dict[str, Any] = dict(self.report.sizes or {})
        example: Mapping[str, Any] = self.report.example or {}
        found |= dict(example.get("options", {}))
        found |= {name: example[name] for name in ("plant", "layout", "scale") if name in example}
        return [(name, _shown(value)) for name, value in found.items()]

    @property
    def floors(self) -> Sequence[tuple[str, str]]:
        """The floor of each argument."""
        return [(name, show_floor(value)) for name, value in self.report.floor.items()] if self.report else []


@dataclass(frozen=True)
class Counts:
    """How many cases ended how."""

    words: Mapping[str, int] = field(default_factory=dict)
    not_run: int = 0

    @classmethod
    def of(cls, cases: Sequence[CaseDone], asked: int) -> Counts:
        """Of these; those that did not occur are left out."""
        words = [case.word for case in cases]
        return cls({word: words.count(word) for word in ORDER if word in words}, asked - len(words))


def _is_there(line: SourceLine | None, made: Made) -> bool:
    return line is not None and (line.path, line.line) == (made.where.path, made.where.line)


def _shown(value: object) -> str:
    """The value of an option of the user's."""
    return shown(value) if isinstance(value, str) else repeated(value)
