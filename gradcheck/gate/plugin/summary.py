"""What a session says of its cases: the section at its end, and the properties of each test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcheck.report import Severity, Verdict
from gradcheck.report.events import ERROR, KNOWN, CaseDone, CaseName, RunDone
from gradcheck.report.text import show_floor

from .settings import Settings

WORDS = (*(verdict.value for verdict in Verdict), KNOWN, ERROR)


def summary(run: RunDone, settings: Settings, left_out: Sequence[CaseName]) -> Iterator[str]:
    """How many of each verdict, what the worst of them could not have seen, and all that is not simply correct."""
    words = [done.word for done in run.cases]
    counts = ", ".join(f"{words.count(word)} {word}" for word in WORDS if word in words)
    yield f"{counts or 'nothing judged'} (seed {settings.seed}, {settings.examples} examples a case)"
    if left_out:
        names = ", ".join(map(str, left_out))
        yield f"left out, since nothing that they judge differs from {settings.changed}: {names}"
    seen = [(done.report.worst_floor, done) for done in run.cases if done.report and done.word == Verdict.CORRECT]
    if seen:
        floor, worst = max(seen, key=lambda pair: pair[0])
        yield f"smallest relative error that would have been seen: {show_floor(floor)} in the worst case, {worst.case}"
    for done in run.cases:
        yield from _said(done)
    yield from (f"baseline: {problem}" for problem in run.problems)


def _said(done: CaseDone) -> Iterator[str]:
    """The first line of what is not correct, the remarks of what is."""
    report = done.report
    if report is None:
        yield f"error: {done.case}: {done.error}"
    elif report.verdict is not Verdict.CORRECT:
        headline = str(report).partition("\n")[0]
        yield f"known, {done.known}: {headline}" if done.known else headline
    else:
        hazards = [finding for finding in report.findings if finding.severity is Severity.HAZARD]
        yield from (f"{done.case}: hazard {finding.code}: {finding.message}" for finding in hazards)
        yield from (f"{done.case}: {remark}" for remark in report.remarks)


def numbers(done: CaseDone) -> Iterator[tuple[str, Any]]:
    """What programs that read the properties of a test are told."""
    yield from (("case", str(done.case)), ("verdict", done.word))
    report = done.report
    if report is None:
        return
    yield from (("examples", report.examples), ("seed", report.seed))
    yield from (("forwards", report.forwards), ("backwards", report.backwards))
    if report.floor:
        yield "floor", float(f"{report.worst_floor:.3g}")
    yield from (("code", finding.code) for finding in report.errors[:1])
