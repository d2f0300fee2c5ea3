"""The table that people read, one row as soon as its case is done, and the reports that need reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from gradcheck.gate.progress import progress_bar
from gradcheck.laws.reasons import RAISED
from gradcheck.report import Report, Severity, Verdict
from gradcheck.report.events import CaseDone, Event, ExampleJudged, RunDone, RunStarted
from gradcheck.report.text import show_floor

STYLES = {"correct": "green", "wrong": "bold red", "inconclusive": "yellow", "known": "yellow", "error": "bold magenta"}


class Terminal:
    """Prints aligned rows; numbers to the right, the verdict first. ``write`` is how a report is put into words."""

    def __init__(self, console: Console, write: Callable[[Report], str] = str) -> None:
        self.console = console
        self.write = write
        self.width = len("case")
        self.examples = 0
        self.progress: Progress = progress_bar()
        self.bar: TaskID = self.progress.add_task("", total=None)

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def __call__(self, event: Event) -> None:
        """Print what an event has to say to a reader."""
        match event:
            case RunStarted():
                self._head(event)
            case ExampleJudged():
                self.progress.update(self.bar, advance=1, total=self.examples, description=str(event.case))
            case CaseDone():
                self.progress.reset(self.bar)
                self._row(event)
            case RunDone():
                self.progress.stop()
                self._details(event.cases)
                self._summary(event)

    def _head(self, run: RunStarted) -> None:
        self.width = max([len(str(case)) for case in run.cases] + [self.width])
        self.examples = run.examples
        self._print(f"seed {run.seed}, {run.examples} examples a case")
        if run.left_out:
            names = ", ".join(map(str, run.left_out))
            self._print(f"left out, since nothing that they judge differs from {run.since}: {names}")
        if not run.cases:
            return
        self._print(f"{'verdict':<13} {'case':<{self.width}} {'examples':>8} {'floor':>7} {'twin':>5} {'seconds':>8}")

    def _row(self, done: CaseDone) -> None:
        report = done.report
        examples = str(report.examples) if report else "-"
        floor = show_floor(report.worst_floor) if report and report.verdict is not Verdict.WRONG else "-"
        twin = ("yes" if report.witness else "no") if report else "-"
        text = Text(f"{done.word:<13}", style=STYLES[done.word])
        text.append(
            f" {done.case!s:<{self.width}} {examples:>8} {floor:>7} {twin:>5} {done.seconds:>8.2f}",
            style="default",
        )
        self._print(text)

    def _details(self, rows: Sequence[CaseDone]) -> None:
        """Everything that is not correct, then remarks."""
        for row in rows:
            if row.error is not None:
                self._print(f"\nerror: {row.case}: {row.error}")
            elif row.report and row.known:
                self._print(f"\nknown, {row.known}: {self.write(row.report).partition(chr(10))[0]}")
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

    def _summary(self, run: RunDone) -> None:
        if run.interrupted:
            self._print("interrupted")
        words = [row.word for row in run.cases]
        counts = ", ".join(f"{words.count(word)} {word}" for word in STYLES if word in words)
        missing = f", {run.asked - len(words)} not run" if len(words) < run.asked else ""
        missing += f", {run.left_out} left out" if run.left_out else ""
        for problem in run.problems:
            self._print(f"\nbaseline: {problem}")
        self._print(f"\n{counts or 'nothing judged'}{missing} in {run.seconds:.1f} s")

    def _print(self, text: str | Text) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _remarks(row: CaseDone) -> list[str]:
    """What a correct case has to say: what the check remarked, and its hazards."""
    if row.report is None or row.report.verdict is not Verdict.CORRECT:
        return []
    hazards = [f for f in row.report.findings if f.severity is Severity.HAZARD]
    return [*row.report.remarks, *(f"hazard {f.code}: {f.message}" for f in hazards)]


def _refuses_empty(row: CaseDone) -> bool:
    """A correct case keeps this note only where the forward raised at a size-0 axis."""
    report = row.report
    notes = {f.code for f in report.findings if f.severity is Severity.NOTE} if report else set()
    return report is not None and report.verdict is Verdict.CORRECT and RAISED.code in notes
