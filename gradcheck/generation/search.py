"""Look for a failing example of a case; where there is one, for the smallest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.laws import LAWS, Law
from gradcheck.protocol import Case
from gradcheck.report import Report, Verdict

from .example import Example, has_values, judge_example
from .shapes import LARGEST, always
from .tally import Tally

SCALES = (1.0, 0.25, 4.0)
_AT_FIXED_INPUTS = 3
_SHRINKS = 200
_SHRINK_SECONDS = 20.0

Judge = Callable[[Example], Report]


def search(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
) -> Report:
    """Judge ``examples`` examples and stop at the first wrong one, to shrink it.

    First the shapes that chance would miss, then Hypothesis draws. Hypothesis draws sizes, options and one
    seed from which NumPy fills the arrays, so a failure shrinks towards small shapes. ``on_example`` is called
    after each, for those who show progress.
    """
    if not isinstance(examples, int) or examples < 1:
        raise UsageError(f"examples is {examples!r}: at least one example must be judged")
    tally = Tally(case, seed)

    def judge(example: Example) -> Report:
        report = judge_example(case, example, laws)
        tally.add(report, empty=example.empty)
        on_example()
        return report

    for example in _planned(case, examples, seed):
        report = judge(example)
        if report.verdict is Verdict.WRONG:
            return _smallest(case, example, report, judge, tally)
    if case.inputs is None and tally.count < examples:
        failed = _explore(case, examples - tally.count, seed, judge, None)
        if failed is not None:
            return _reported(case, *failed, tally)
    return tally.report()


def _planned(case: Case, examples: int, seed: int) -> Iterator[Example]:
    """What is always judged: the point itself, or the shapes that matter, each with the options in turn."""
    if case.inputs is not None:
        for number in range(min(examples, _AT_FIXED_INPUTS)):
            yield Example(seed=seed + number, options=_nth_options(case, number))
        return
    assert case.parsed is not None
    for number, sizes in enumerate(list(always(case.parsed.names))[:examples]):
        example = Example(sizes, seed + number, 1.0, _nth_options(case, number))
        if has_values(case, example):
            yield example


def _smallest(case: Case, example: Example, report: Report, judge: Judge, tally: Tally) -> Report:
    """Shrink a planned failure: look for smaller ones with the same broken law."""
    if case.inputs is None:
        failed = _explore(case, _SHRINKS, example.seed, judge, report.errors[0].code)
        if failed is not None and _volume(failed[0]) <= _volume(example):
            return _reported(case, *failed, tally)
    return _reported(case, example, report, tally)


def _reported(case: Case, example: Example, report: Report, tally: Tally) -> Report:
    """The report of the failing example, with how to see it again."""
    again = f"judge_example(case, {example!r})" if case.inputs is None else f"seed {example.seed} at its inputs"
    return replace(
        report,
        examples=tally.count,
        forwards=tally.forwards,
        backwards=tally.backwards,
        sizes=example.sizes or report.sizes,
        reproduce=again,
    )


def _explore(case: Case, examples: int, seed: int, judge: Judge, code: str | None) -> tuple[Example, Report] | None:
    """Let Hypothesis draw and shrink; the smallest failure that breaks the same law as the first."""
    import hypothesis
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    smallest: list[tuple[Example, Report]] = []
    wanted = code
    shrinks, deadline = 0, float("inf")

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
    )
    @hypothesis.given(_examples(case))
    def attempt(example: Example) -> None:
        nonlocal wanted, shrinks, deadline
        if smallest:
            shrinks += 1
        if shrinks > _SHRINKS or time.monotonic() > deadline or not has_values(case, example):
            return
        report = judge(example)
        codes = {finding.code for finding in report.errors}
        if not codes or (wanted is not None and wanted not in codes):
            return
        if not smallest:
            deadline = time.monotonic() + _SHRINK_SECONDS
            wanted = report.errors[0].code
        smallest.append((example, report))
        raise _Broken

    try:
        attempt()
    except _Broken:
        pass
    except hypothesis.errors.Flaky:  # the shrinking budget ran out; what was found still stands
        pass
    return min(smallest, key=lambda pair: _volume(pair[0]), default=None)


class _Broken(Exception):
    """Tells Hypothesis that an example fails."""


def _examples(case: Case) -> Any:
    from hypothesis import strategies as st

    assert case.parsed is not None
    return st.builds(
        Example,
        sizes=st.fixed_dictionaries({name: st.integers(1, LARGEST) for name in case.parsed.names}),
        seed=st.integers(0, 2**32 - 1),
        scale=st.sampled_from(SCALES),
        options=st.fixed_dictionaries({name: st.sampled_from(values) for name, values in _alternatives(case).items()}),
    )


def _alternatives(case: Case) -> Mapping[str, list[Any]]:
    """The values of each option: a list holds alternatives, anything else is the one value."""
    options = case.options or {}
    return {name: value if isinstance(value, list) else [value] for name, value in options.items()}


def _nth_options(case: Case, number: int) -> dict[str, Any]:
    return {name: values[number % len(values)] for name, values in _alternatives(case).items()}


def _volume(example: Example) -> tuple[int, int, int]:
    """Smaller shapes first, then the plain scale, then small seeds."""
    return sum(example.sizes.values()), int(example.scale != 1.0), example.seed
