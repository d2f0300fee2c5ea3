"""Look for a failing example of a case; where there is one, for the smallest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from gradcheck.errors import UsageError
from gradcheck.laws import LAWS, Law
from gradcheck.protocol import Case
from gradcheck.report import Report, Verdict
from gradcheck.snippet import snippet

from .borders import find_borders
from .example import Example, draw_inputs, judge_example
from .explore import explore
from .options import nth_options
from .planned import planned
from .shrink import shrink
from .tally import Tally

SECONDS = 60.0  # after which a case is judged by what was seen of it


def search(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
    *,
    verdict_only: bool = False,
) -> Report:
    """Judge ``examples`` examples and stop at the first wrong one, to shrink it."""
    return find(case, examples, seed, laws, on_example, verdict_only=verdict_only)[0]


def find(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
    *,
    verdict_only: bool = False,
) -> tuple[Report, Example | None]:
    """The report, and the example that it is about where that one is wrong.

    First what chance would miss, then what Hypothesis draws. ``on_example`` is called after each, for those who
    show progress. With ``verdict_only`` the first error of the first wrong example is the answer.
    """
    if not isinstance(examples, int) or examples < 1:
        raise UsageError(f"examples is {examples!r}: at least one example must be judged")
    tally = Tally(case, seed, asked=examples)
    deadline = time.monotonic() + SECONDS
    failure: list[tuple[Example, Report]] = []

    def judge(example: Example) -> Report:
        some = laws if tally.repeats else [law for law in laws if not law.needs_repeats]
        report = judge_example(case, example, some, verdict_only=verdict_only)
        tally.add(example, report)
        on_example()
        return report

    def visit(example: Example) -> bool:
        """Judge one example; whether to go on."""
        report = judge(example)
        if report.verdict is Verdict.WRONG:
            failure.append((example, report))
        tally.late = time.monotonic() > deadline
        return not failure and not tally.late

    borders = find_borders(case, nth_options(case, 0), tally.add_forward)
    going = all(visit(example) for example in planned(case, borders, examples, seed))
    if going and case.inputs is None and tally.count < examples:
        explore(case, borders, examples - tally.count, seed, visit)
    if not failure:
        return tally.report(), None
    example, report = failure[0]
    if verdict_only:
        return _reported(case, example, report, tally), example
    if case.inputs is None:
        example, report = shrink(case, example, report, judge)
    code = snippet(case, report, draw_inputs(case, example), example.options, example.seed, example.layout)
    return replace(_reported(case, example, report, tally), snippet=code), example


def _reported(case: Case, example: Example, report: Report, tally: Tally) -> Report:
    """The report of the failing example, with how to see it again."""
    fixed = case.inputs is not None and not callable(case.inputs)
    return replace(
        report,
        examples=tally.count,
        forwards=tally.forwards,
        backwards=tally.backwards,
        sizes=report.sizes or example.sizes,
        reproduce=f"seed {example.seed} at its inputs" if fixed else f"judge_example(case, {example!r})",
        example=example.fields(),
    )
