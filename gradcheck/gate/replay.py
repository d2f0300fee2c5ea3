"""``gradcheck replay``: the failing example of a token again."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.check import explained, judge_case
from gradcheck.errors import UsageError
from gradcheck.generation import draw_inputs, judge_example
from gradcheck.protocol import Case, limits
from gradcheck.report import Report
from gradcheck.snippet import snippet
from gradcheck.workers.in_use import InUse

from .alone import Patience, answers_of
from .limits import LOADING, PHASES
from .loading import load_cases
from .token import Again, example_of, read_token


def replay_in_worker(token: str) -> Report:
    """As `replay`, in a process of its own; UsageError too where that ends without a report."""
    again = read_token(token)
    patience = Patience(LOADING + PHASES * limits.SECONDS)
    answers = answers_of(
        "gradcheck.gate.serving:judge_again", token, {"report": Report}, patience, again.case, again.seed
    )
    (_, report) = next(answers)
    found: Report = report
    answers.close()
    return found


def replay(token: str, in_use: InUse) -> Report:
    """Judge the example of a token, or where it holds none, its whole case; nothing is shrunk.

    Raises UsageError with one sentence for a token that cannot be read, and for a file or case that is gone.
    """
    again = read_token(token)
    with in_use.kept(again.target):
        cases = load_cases([f"{again.target}::{again.case}"])
    with in_use.kept(f"{again.case} has no verdict: it"):
        return _judged(again, cases[min(again.number, len(cases) - 1)])


def _judged(again: Again, case: Case) -> Report:
    if again.example is None:
        return judge_case(case, again.examples, again.seed)
    example = example_of(again, case)
    report = explained(case, judge_example(case, example), example, limits.SECONDS)
    code = snippet(case, report, draw_inputs(case, example), example.options, example.seed, example.layout)
    return replace(report, sizes=report.sizes or example.sizes, example=example.fields(), snippet=code)


def snippet_of(report: Report) -> str:
    """The snippet of a report; UsageError where there is none to be had."""
    if report.snippet is None:
        why = "its inputs are too many, or hold what has no literal" if report.errors else "nothing in it fails"
        raise UsageError(f"there is no snippet of {report.name}: {why}")
    return report.snippet
