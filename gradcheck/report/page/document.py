"""The page of a run, or of one report: a whole document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..events import CaseDone, CaseName, RunDone, RunStarted
from ..finding import Verdict
from ..report import Report
from .environment import digest, own_file, render
from .limits import BYTES, ROW
from .view import Counts, View


def run_page(
    started: RunStarted, done: RunDone, diffs: dict[CaseName, str] | None = None, *, of_a_run: bool = True
) -> str:
    """Every case, failures first and in full as far as the size of a page allows; ``diffs`` mend cases, where known.

    The page of what is no run of the gate says no exit code and no seconds.
    """
    known = diffs or {}
    ranked = sorted((View(0, case, diff=known.get(case.case, "")) for case in done.cases), key=lambda view: view.rank)
    views = [replace(view, number=number) for number, view in enumerate(ranked, 1)]
    reached = {case.case for case in done.cases}
    cases = list(_within_size(views))
    return _document(
        title=f"gradcheck: {', '.join(f'{n} {word}' for word, n in _counts(done).words.items()) or 'nothing judged'}",
        cases=[text for _, text in cases],
        cut=sum(view.word != Verdict.CORRECT and not whole for (view, whole), _ in cases),
        counts=_counts(done),
        started=started,
        of_a_run=of_a_run,
        done=done,
        missing=[name for name in started.cases if name not in reached],
        left_out=started.left_out,
        laws=next((case.report.evidence.laws for case in done.cases if case.report and case.report.evidence), ()),
        when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def report_page(report: Report) -> str:
    """The page of one report."""
    case = CaseDone(CaseName("", report.name), 0.0, report)
    started = RunStarted((case.case,), report.planned or report.examples, report.seed)
    return run_page(started, RunDone(1, (case,), 0.0), of_a_run=False)


def _within_size(views: Sequence[View]) -> Iterator[tuple[tuple[View, bool], str]]:
    """Each case as HTML, and whether it is shown in full: the worst are, until the page is full."""
    room = BYTES - len(views) * ROW
    for view in views:
        text = render("case.html", view=view)
        size = len(text.encode("utf-8", "surrogatepass")) - ROW
        whole = size <= max(room, 0)
        room -= size if whole else 0
        yield (view, whole), text if whole else render("case.html", view=replace(view, whole=False))


def _counts(done: RunDone) -> Counts:
    return Counts.of(done.cases, done.asked)


def _document(**values: object) -> str:
    style, script = own_file("page.css"), own_file("page.js")
    return render(
        "page.html", style=style, script=script, style_hash=digest(style), script_hash=digest(script), **values
    )
