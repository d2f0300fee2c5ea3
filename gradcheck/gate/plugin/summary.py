"""The section at the end of a session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.report import Severity, Verdict
from gradcheck.report.events import ERROR, CaseDone
from gradcheck.report.text import show_floor

from .settings import Settings

WORDS = (*(verdict.value for verdict in Verdict), ERROR)


def summary(found: Sequence[CaseDone], settings: Settings) -> Iterator[str]:
    """How many of each verdict, what the worst of them could not have seen, and all that is not simply correct."""
    words = [done.word for done in found]
    counts = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys([*WORDS, *words]) if word in words)
    yield f"{counts} (seed {settings.seed}, {settings.examples} examples a case)"
    seen = [done for done in found if done.report and done.report.verdict is Verdict.CORRECT]
    if seen:
        worst = max(seen, key=lambda done: done.report.worst_floor if done.report else 0.0)
        assert worst.report is not None
        yield (
            "smallest relative error that would have been seen: "
            f"{show_floor(worst.report.worst_floor)} in the case seen worst, {worst.case}"
        )
    for done in found:
        if done.report is None:
            yield f"error: {done.case}: {done.error}"
        elif done.report.verdict is not Verdict.CORRECT:
            yield str(done.report).partition("\n")[0]
        else:
            hazards = [finding for finding in done.report.findings if finding.severity is Severity.HAZARD]
            yield from (f"{done.case}: hazard {finding.code}: {finding.message}" for finding in hazards)
            yield from (f"{done.case}: {remark}" for remark in done.report.remarks)
