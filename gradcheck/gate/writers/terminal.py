"""The table that people read, one row as soon as its case is done, and the reports that need reading."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from gradcheck.foreign import shown, shown_lines
from gradcheck.gate.limits import NAMES
from gradcheck.gate.progress import progress_bar
from gradcheck.laws.reasons import RAISED
from gradcheck.report import Report, Severity, Verdict
from gradcheck.report.events import CORRECT, CaseDone, Event, ExampleJudged, RunDone, RunStarted
from gradcheck.report.limits import LONGEST_NAME
from gradcheck.report.text import headline

from .as_json import WORDS
from .columns import VERDICT, Column, columns_for

STYLES = {"correct": "green", "wrong": "bold red", "inconclusive": "yellow", "known": "yellow", "error": "bold magenta"}


@dataclass
class Terminal:
    """Prints aligned rows; numbers to the right, the verdict first.

    ``write`` is how a report is put into words, ``width`` that of the terminal in cells, None where there is none.
    ``quiet`` leaves only what is not correct, ``verbose`` prints the reports of correct cases too.
    """

    console: Console
    write: Callable[[Report], str] = str
    width: int | None = None
    quiet: bool = False
    verbose: bool = False
    columns: list[Column] = field(default_factory=list, init=False)
    examples: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.progress: Progress = progress_bar(self.console, shown=not self.quiet)
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
                self.columns = columns_for([str(case) for case in event.cases], self.width)
                self.examples = event.examples
                self._head(event)
            case ExampleJudged():
                name = shown(event.case.name, LONGEST_NAME)
                self.progress.update(self.bar, advance=1, total=self.examples, description=name)
            case CaseDone():
                self.progress.reset(self.bar)
                self._row(event)
            case RunDone():
                self.progress.stop()
                self._details(event.cases)
                self._summary(event)

    def _head(self, run: RunStarted) -> None:
        if not self.quiet:
            self._print(f"seed {run.seed}, {run.examples} examples a case")
            if run.left_out:
                names = ", ".join(map(str, run.left_out))
                self._print(f"left out, since nothing that they judge differs from {run.since}: {names}")
        if not self.quiet and run.cases:
            self._print(" ".join([VERDICT.head(), *(column.head() for column in self.columns)]))

    def _row(self, done: CaseDone) -> None:
        if not self.quiet:
            text = Text(VERDICT.cell(done), style=STYLES[done.word])
            text.append(" " + " ".join(column.cell(done) for column in self.columns), style="default")
            self._print(text)

    def _details(self, rows: Sequence[CaseDone]) -> None:
        """Everything that is not correct, or all, then remarks."""
        for row in rows:
            if row.error is not None:
                self._print(f"\nerror: {row.case}: {row.error}")
            elif row.report and row.known and not self.verbose:
                self._print(f"\nknown, {row.known}: {headline(row.report)}")
            elif row.report and (self.verbose or row.report.verdict is not Verdict.CORRECT):
                self._print(f"\n{self.write(row.report)}")
            if (self.verbose or row.error) and row.printed.strip():
                self._print("  printed meanwhile:\n" + textwrap.indent(row.printed.rstrip(), "    "))
        if self.quiet or self.verbose:  # said nowhere, or in the reports themselves
            return
        remarks: dict[str, list[str]] = {}
        for row in rows:
            for remark in _remarks(row):
                remarks.setdefault(remark, []).append(str(row.case))
        if remarks:
            self._print("")
        for remark, cases in remarks.items():
            self._print(f"{_several(cases)}: {remark}")
        refusing = [str(row.case) for row in rows if _refuses_empty(row)]
        if refusing:
            self._print(f"\nnoted: these forwards raise where an axis has size 0 ({RAISED.code}): {_several(refusing)}")

    def _summary(self, run: RunDone) -> None:
        if self.quiet and run.exit_code == CORRECT:
            return
        if run.interrupted:
            self._print("interrupted")
        words = [row.word for row in run.cases]
        counts = ", ".join(f"{words.count(word)} {word}" for word in WORDS if word in words)
        missing = f", {run.asked - len(words)} not run" if len(words) < run.asked else ""
        missing += f", {run.left_out} left out" if run.left_out else ""
        for problem in run.problems:
            self._print(f"\nbaseline: {problem}")
        self._print(f"\n{counts or 'nothing judged'}{missing} in {run.seconds:.1f} s")

    def _print(self, text: str | Text) -> None:
        """Print what holds names and sentences of the user's: nothing in them is obeyed."""
        line = shown_lines(text) if isinstance(text, str) else text
        self.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _several(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - NAMES
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:NAMES])} and {more} more"


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
