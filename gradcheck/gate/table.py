"""The table of a run, one row as soon as its case is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from gradcheck.laws.reasons import RAISED
from gradcheck.protocol import Case
from gradcheck.report import Report, Severity, Verdict
from gradcheck.report.text import show_floor

STYLES = {"correct": "green", "wrong": "bold red", "inconclusive": "yellow", "error": "bold magenta"}


@dataclass(frozen=True)
class Row:
    """One case and how it ended: with a report, or with the sentence of an error."""

    case: Case
    seconds: float
    report: Report | None = None
    error: str | None = None

    @property
    def word(self) -> str:
        """The verdict, or ``error``."""
        return self.report.verdict.value if self.report else "error"


class Table:
    """Prints aligned rows; numbers to the right, the verdict first. ``write`` is how a report is put into words."""

    def __init__(self, console: Console, cases: Sequence[Case], write: Callable[[Report], str] = str) -> None:
        self.console = console
        self.write = write
        self.width = max([len(str(case)) for case in cases] + [len("case")])

    def head(self) -> None:
        """Print the names of the columns."""
        self._print(f"{'verdict':<13} {'case':<{self.width}} {'examples':>8} {'floor':>7} {'twin':>5} {'seconds':>8}")

    def row(self, row: Row) -> None:
        """Print one case."""
        report = row.report
        examples = str(report.examples) if report else "-"
        floor = show_floor(report.worst_floor) if report and report.verdict is not Verdict.WRONG else "-"
        twin = ("yes" if report.witness else "no") if report else "-"
        text = Text(f"{row.word:<13}", style=STYLES[row.word])
        text.append(
            f" {row.case!s:<{self.width}} {examples:>8} {floor:>7} {twin:>5} {row.seconds:>8.2f}",
            style="default",
        )
        self._print(text)

    def details(self, rows: Sequence[Row]) -> None:
        """Print what needs reading: everything that is not correct, then remarks."""
        for row in rows:
            if row.error is not None:
                self._print(f"\nerror: {row.case}: {row.error}")
            elif row.report and row.report.verdict is not Verdict.CORRECT:
                self._print(f"\n{self.write(row.report)}")
        remarks = [(row.case, remark) for row in rows for remark in _remarks(row)]
        if remarks:
            self._print("")
        for case, remark in remarks:
            self._print(f"{case}: {remark}")
        refusing = [str(row.case) for row in rows if _refuses_empty(row)]
        if refusing:
            self._print(
                f"\nnoted: these forwards raise where an axis has size 0 ({RAISED.code}): {', '.join(refusing)}"
            )

    def summary(self, rows: Sequence[Row], asked: int, seconds: float) -> None:
        """Print the counts."""
        words = [row.word for row in rows]
        counts = ", ".join(
            f"{words.count(word)} {word}" for word in ("correct", "wrong", "inconclusive", "error") if word in words
        )
        missing = f", {asked - len(rows)} not run" if len(rows) < asked else ""
        self._print(f"\n{counts or 'nothing judged'}{missing} in {seconds:.1f} s")

    def _print(self, text: str | Text) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _remarks(row: Row) -> list[str]:
    """What a correct case has to say: what the check remarked, and its hazards."""
    if row.report is None or row.report.verdict is not Verdict.CORRECT:
        return []
    hazards = [f for f in row.report.findings if f.severity is Severity.HAZARD]
    return [*row.report.remarks, *(f"hazard {f.code}: {f.message}" for f in hazards)]


def _refuses_empty(row: Row) -> bool:
    """A correct case keeps this note only where the forward raised at a size-0 axis."""
    report = row.report
    notes = {f.code for f in report.findings if f.severity is Severity.NOTE} if report else set()
    return report is not None and report.verdict is Verdict.CORRECT and RAISED.code in notes
