"""The columns of the table that a terminal shows, as many as fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size

from gradcheck.foreign import shown
from gradcheck.gate.limits import LEAST_NAME
from gradcheck.report import Report, Verdict
from gradcheck.report.events import CaseDone
from gradcheck.report.limits import LONGEST_NAME
from gradcheck.report.text import show_floor

_ABSENT = "-"


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in cells, and what stands there of a case."""

    title: str
    width: int
    show: Callable[[CaseDone], str]
    is_text: bool = False

    def head(self) -> str:
        """The heading, as the entries below are aligned."""
        return self._placed(self.title)

    def cell(self, done: CaseDone) -> str:
        """The entry of a case."""
        return self._placed(self.show(done))

    def _placed(self, text: str) -> str:
        return set_cell_size(text, self.width) if self.is_text else f"{text:>{self.width}}"


def columns_for(names: Sequence[str], width: int | None) -> list[Column]:
    """Verdict and case, and the numbers that fit into so many cells beside them; all of them where width is None."""
    longest = max([cell_len(shown(name, LONGEST_NAME)) for name in names] + [len("case")])
    columns = [replace(_CASE, width=longest), *_NUMBERS]
    if width is None:
        return columns
    room = width - VERDICT.width - 1
    while len(columns) > 1 and _needed(columns[1:]) + min(longest, LEAST_NAME) > room:
        columns.pop()
    left = max(room - _needed(columns[1:]), len("case"))
    return [replace(columns[0], width=min(longest, left)), *columns[1:]]


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.width + 1 for column in columns)


def _of_report(show: Callable[[Report], str]) -> Callable[[CaseDone], str]:
    return lambda done: _ABSENT if done.report is None else show(done.report)


def _floor(report: Report) -> str:
    return _ABSENT if report.verdict is Verdict.WRONG else show_floor(report.worst_floor)


VERDICT = Column("verdict", len("inconclusive") + 1, lambda done: done.word, is_text=True)
_CASE = Column("case", 0, lambda done: shown(done.case.name, LONGEST_NAME), is_text=True)
_NUMBERS = (
    Column("examples", len("examples"), _of_report(lambda report: str(report.examples))),
    Column("floor", len("floor") + 2, _of_report(_floor)),
    Column("twin", len("twin") + 1, _of_report(lambda report: "yes" if report.witness else "no")),
    Column("seconds", len("seconds") + 1, lambda done: f"{done.seconds:.2f}"),
)
