"""What `gradcheck fix` found as a page: the wrong case with its pictures, and the diffs that mend it."""

from __future__ import annotations

from collections.abc import Sequence

from gradcheck.mends import Settings, Suggestion
from gradcheck.report import Report
from gradcheck.report.events import CaseDone, CaseName, RunDone, RunStarted
from gradcheck.report.page import run_page


def as_fix_page(
    target: str, report: Report, suggestions: Sequence[Suggestion], settings: Settings, seconds: float
) -> str:
    """The page of a run over one case, with every suggestion, best first."""
    name = CaseName(target.partition("::")[0], report.name)
    done = CaseDone(name, seconds, report)
    diffs = {name: "\n\n".join(map(_told, suggestions))} if suggestions else {}
    started = RunStarted((name,), settings.examples, settings.seed)
    return run_page(started, RunDone(1, (done,), seconds), diffs, of_a_run=False)


def _told(suggestion: Suggestion) -> str:
    return f"{', '.join(suggestion.places)}: correct at {suggestion.examples} examples\n{suggestion.diff.rstrip()}"
