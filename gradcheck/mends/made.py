"""Which line the mistake was made on, as far as finite differences of the values between show it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from gradcheck.errors import UsageError
from gradcheck.generation import Example, judge_example
from gradcheck.origin import Origin, attached, origins_in
from gradcheck.protocol import Case
from gradcheck.report import Report
from gradcheck.workers import Loaded

from .influence import Line
from .limits import MADE_HERE, MADE_NEAR
from .screen import Failing
from .slopes import examples_for


def origins_beside(case: Case, report: Report, example: Example) -> tuple[Origin, ...] | None:
    """The mistakes, with the edits that would put each right; None where the report says the lines already."""
    if any(finding.made is not None for finding in report.errors):
        return None
    return origins_in(case, report, example)


def made_in(report: Report, origins: Sequence[Origin] | None) -> dict[Line, float]:
    """How much less an edit costs on the lines on which a mistake was made; empty where none is told.

    By the paths that reports show.
    """
    report = report if origins is None else attached(report, origins)
    found: dict[Line, float] = {}
    for made in (finding.made for finding in report.errors):
        for line in made.among if made is not None else ():
            alone = made is not None and len(made.among) == 1
            found[line.path, line.line] = MADE_HERE if alone else MADE_NEAR
    return found


def made_with(loaded: Loaded, failing: Failing | None, seed: int) -> list[tuple[str, int, float]]:
    """The same of what is still wrong with an edited source, where it was loaded: lines and how much less they cost."""
    case = loaded.cases[0]
    first = failing.example(case) if failing else None
    for example in examples_for(case, first, seed):
        with suppress(UsageError):
            report = judge_example(case, example)
            if report.errors:
                return [
                    (path, line, less)
                    for (path, line), less in made_in(report, origins_beside(case, report, example)).items()
                ]
    return []
