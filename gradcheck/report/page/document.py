"""The page of a run, or of one report: a whole document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ..events import CaseDone, CaseName, RunDone, RunStarted
from ..finding import Verdict
from ..report import Report
from .environment import digest, own_file, render
from .limits import BYTES
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
    shown = list(_within_size(views))
    return _document(
        title=f"gradcheck: {', '.join(f'{n} {word}' for word, n in _counts(done).words.items()) or 'nothing judged'}",
        cases=[text for _, text in shown],
        cut=sum(view.word != Verdict.CORRECT and not view.whole for view, _ in shown),
        unlisted=len(views) - len(shown),
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


def _within_size(views: Sequence[View]) -> Iterator[tuple[View, str]]:
    """Each case as HTML: as many as fit as rows, and of these the worst in full until the page is full."""
    room, rows = BYTES, []
    for view in views:
        short = replace(view, whole=False)
        text = render("case.html", view=short)
        room -= _size(text)
        if room < 0:
            break
        rows.append((short, text))
    full = False
    for view, (short, row) in zip(views, rows, strict=False):
        text = row if full else render("case.html", view=view)
        room -= _size(text) - _size(row)
        full = full or room < 0  # what is less bad is not shown in full instead
        yield (short, row) if full else (view, text)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _counts(done: RunDone) -> Counts:
    return Counts.of(done.cases, done.asked)


def _document(**values: object) -> str:
    style, script = own_file("page.css"), own_file("page.js")
    return render(
        "page.html", style=style, script=script, style_hash=digest(style), script_hash=digest(script), **values
    )
