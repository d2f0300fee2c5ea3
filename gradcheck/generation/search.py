"""Look for a failing example of a case; where there is one, for the smallest."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated
from gradcheck.laws import LAWS, Law, law_of
from gradcheck.laws.reasons import RAISED
from gradcheck.protocol import Case, deadline, limits
from gradcheck.protocol.deadline import OutOfTime, check_seconds
from gradcheck.protocol.numbers import is_whole
from gradcheck.report import Finding, Report, Verdict
from gradcheck.snippet import snippet

from .borders import find_borders
from .example import Example, can_be_drawn, draw_inputs, judge_example
from .explore import explore
from .ladder import climb, is_climbed
from .limits import ALL_PLANNED, LARGE_SHARE, OVERTIME, REDRAWN, REGROWN, SCAN_SHARE, SECONDS
from .memory import is_too_large
from .observing import Observer
from .options import nth_options
from .planned import planned
from .shrink import shrink
from .tally import Tally


@dataclass(frozen=True)
class Budget:
    """How long a case may take, and how many of its examples are enough where that does not suffice for all."""

    seconds: float
    least: int | None = None

    @staticmethod
    def of(case: Case, examples: int, seconds: float | None = None, least: int | None = None) -> Budget:
        """What was asked for, else what the case says; UsageError where that makes no sense."""
        if not is_whole(examples, 1):
            raise UsageError(f"examples is {repeated(examples)}: at least one example must be judged")
        least = case.least_examples if least is None else least
        if least is not None and not is_whole(least, 1):
            raise UsageError(f"least_examples is {repeated(least)}: it is a whole number, 1 or larger")
        return Budget(SECONDS if seconds is None else check_seconds(seconds), least)


@dataclass(frozen=True)
class Found:
    """The report, and the example that it is about where that one is wrong and its op can be asked again.

    ``more`` are errors that another example has, where an axis is empty or has size 1.
    """

    report: Report
    example: Example | None = None
    more: tuple[Finding, ...] = ()

    @property
    def whole(self) -> Report:
        """The report with the errors of both."""
        return joined(self.report, self.more)


def joined(report: Report, more: Sequence[Finding]) -> Report:
    """A report with further findings behind its own of the same severity."""
    findings = sorted([*report.findings, *more], key=lambda finding: finding.severity.rank)
    return replace(report, findings=tuple(findings)) if more else report


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
    return find(case, examples, seed, laws, on_example, verdict_only=verdict_only).whole


def find(
    case: Case,
    examples: int,
    seed: int,
    laws: Sequence[Law] = LAWS,
    on_example: Callable[[], object] = lambda: None,
    *,
    verdict_only: bool = False,
    budget: Budget | None = None,
    first: Sequence[Example] = (),
) -> Found:
    """Judge examples up to the first wrong one.

    First what chance would miss, then what Hypothesis draws. ``on_example`` is called after each, for those who
    show progress. With ``verdict_only`` the first error of the first wrong example is the answer. ``first`` are judged
    before all others, and are the answer only where nothing else is wrong: what a seed finds is the same with and
    without them.
    """
    budget = budget or Budget.of(case, examples)
    began = time.monotonic()

    def hunt() -> _Hunt:
        tally = Tally(case, seed, examples, budget.least, tuple(laws))
        return _Hunt(case, laws, on_example, verdict_only, budget, tally, began)

    replayed, whole = hunt(), hunt()
    failed = bool(first) and replayed.has_failed_at(first)
    whole.run(examples, seed)
    return replayed.answer() if failed and not whole.has_failed else whole.answer()


@dataclass
class _Hunt:
    """The examples of one case, one after another, and the failures among them.

    ``edge`` is the first failure at an empty axis or one of size 1, after which the ordinary sizes are still asked.
    """

    case: Case
    laws: Sequence[Law]
    on_example: Callable[[], object]
    verdict_only: bool
    budget: Budget
    tally: Tally
    began: float
    failure: tuple[Example, Report] | None = None
    edge: tuple[Example, Report] | None = None
    borders: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    judged: int = 0
    large: float = 0.0
    hung: bool = False

    @cached_property
    def observer(self) -> Observer:
        """Who tells a viewer what is judged."""
        return Observer(self.case)

    def has_failed_at(self, examples: Sequence[Example]) -> bool:
        """Whether something is wrong at one of these."""
        with self._question():
            all(self.visit(example) for example in examples)
        return self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether something is wrong at an example so far."""
        return bool(self.failure or self.edge)

    def run(self, examples: int, seed: int) -> None:
        """Judge so many examples, up to the first failure: those that are planned, then those that are drawn."""
        case, tally = self.case, self.tally
        with self._question():
            self.borders = find_borders(case, nth_options(case, 0), tally.add_forward, self.has_scanned_enough)
            chosen = list(planned(case, self.borders, examples, seed))
            if case.inputs is not None and not callable(case.inputs):
                tally.asked = len(chosen)
            going = not deadline.clock.hung and all(self.visit(example) for example in chosen)
            if going and case.inputs is None and self.judged < examples:
                with self.observer.drawn():
                    explore(case, self.borders, examples - self.judged, seed, self.visit)
            if not self.has_failed:
                self._ask_parts_again()
            if not self.has_failed and self.judged >= ALL_PLANNED and any(law.climbs for law in self.laws):
                self._climb(seed)

    def _ask_parts_again(self) -> None:
        """Judge other values where a part of the case, as a value of an option, has not been decided at all."""
        for example in self.tally.parts.further():
            if deadline.clock.hung or self.is_over():
                return
            report = self._judged(example, verdict_only=self.verdict_only)
            self.tally.forwards += report.forwards
            self.tally.backwards += report.backwards
            if report.verdict is Verdict.WRONG:
                self.failure = (example, report)
                return
            self.tally.add_to_parts(example, report)

    def _climb(self, seed: int) -> None:
        """Watch errors grow with lengths, as long as there is time."""
        if is_climbed(self.case):
            for _ in climb(self.case, seed, self.tally):
                if deadline.clock.hung or self.is_over():
                    return

    @contextmanager
    def _question(self) -> Iterator[None]:
        """Calls are made until the time of the case is over, or one does not return; the tally then knows."""
        overtime = OVERTIME * max(self.budget.seconds, 1.0)
        left = self.began + self.budget.seconds + overtime - time.monotonic()
        with deadline.limited(left) as clock:
            try:
                yield
            except OutOfTime:
                self.is_over()
            self.hung = clock.hung
        if self.hung:
            self.tally.ended = f"incomplete: a call gave no answer within {limits.SECONDS:g} s"

    def is_over(self) -> bool:
        """Whether the time of the case is over; the tally then knows."""
        over = time.monotonic() >= self.began + self.budget.seconds
        if over and not self.tally.ended:
            self.tally.ended = f"incomplete: its time of {self.budget.seconds:g} s was over"
        return over

    def has_scanned_enough(self) -> bool:
        """Whether the scan for borders has taken its part of the time."""
        return time.monotonic() >= self.began + SCAN_SHARE * self.budget.seconds

    def visit(self, example: Example) -> bool:
        """Judge one example; whether to go on."""
        self.judged += 1
        if example.is_large and self.large > LARGE_SHARE * self.budget.seconds:
            self.tally.too_slow += 1
            return True
        if is_too_large(self.case, example):
            self.tally.skipped += 1
            return True
        start = time.monotonic()
        try:
            report = self.judge(example)
        except MemoryError:
            self.tally.skipped += 1
            return True
        except OutOfTime:
            self.is_over()
            return False
        if example.is_large:
            self.large += time.monotonic() - start
        if report.verdict is Verdict.WRONG:
            if self.verdict_only or not _is_edge(example):
                self.failure = (example, report)
            else:
                self.edge = self.edge or (example, report)
        else:
            self.tally.inner += not _is_edge(example)
            if self.tally.refused and self.tally.refused[-1][0] is example:
                self._look_for_blame(example)
        return not (self.failure or deadline.clock.hung or self.is_over())

    def judge(self, example: Example) -> Report:
        """Judge one example and count it in."""
        start = time.monotonic()
        with self.observer.asking():
            report = self._judged(example, verdict_only=self.verdict_only)
        self.observer.tell(example, report, time.monotonic() - start)
        self.tally.add(example, report)
        self.on_example()
        return report

    def _judged(self, example: Example, *, verdict_only: bool = False) -> Report:
        laws = self.laws if self.tally.repeats else [law for law in self.laws if not law.needs_repeats]
        return judge_example(self.case, example, laws, verdict_only=verdict_only)

    def breaks(self, example: Example, codes: Collection[str]) -> bool:
        """Whether one of these laws is broken at an example; all of them are asked only where an earlier one is too.

        The first error mostly settles it, at a fraction of the cost of all.
        """
        first = self._judged(example, verdict_only=True)
        self.tally.add(example, first)
        self.on_example()
        if not first.errors or _turn(first.errors[0].code) > max(map(_turn, codes)):
            return False
        return first.errors[0].code in codes or any(finding.code in codes for finding in self._judged(example).errors)

    def _look_for_blame(self, example: Example) -> None:
        """Whether the forward that raised does so at other values of the same shape; one such shape is enough."""
        if self.case.inputs is not None or any(known.is_large == example.is_large for known in self.tally.shapes):
            return
        for number in range(REDRAWN):
            again = judge_example(self.case, replace(example, seed=example.seed + 1 + number), ())
            self.tally.forwards += again.forwards
            if not any(finding.code == RAISED.code for finding in again.findings):
                return
        self.tally.shapes.append(example)

    def answer(self) -> Found:
        """The report of the tally, or of the smallest failure; an op that hangs is not asked again."""
        found = self.failure or self.edge
        if found is None:
            return Found(self.tally.report())
        if self.verdict_only or self.hung:
            return Found(self._reported(*found), None if self.hung else found[0])
        with deadline.limited(self.budget.seconds):
            example, report, edge = self._told_apart(*found)
        code = snippet(
            self.case, report, draw_inputs(self.case, example), example.options, example.seed, example.layout
        )
        report = replace(self._reported(example, report), snippet=code)
        if self.failure is None and self.tally.inner:
            said = f"nothing is wrong at {self.tally.inner} examples whose axes all have 2 entries or more"
            report = replace(report, remarks=(*report.remarks, said))
        more = [] if edge is None else [_placed(finding, edge[0]) for finding in edge[1].errors]
        return Found(report, example, tuple(more))

    def _told_apart(self, example: Example, report: Report) -> tuple[Example, Report, tuple[Example, Report] | None]:
        """The smallest failure; beside one of ordinary sizes another that is seen only where an axis has none or one.

        That other one was found first, or it is what the shrinking ended at: then the failure of ordinary sizes is
        shrunk by itself, and keeps to sizes of 2 and more.
        """
        if self.failure is None or self.case.inputs is not None:
            return *self._smallest(example, report), None
        if self.edge is not None:
            return *self._smallest(example, report, lambda simpler: not _is_edge(simpler)), self._smallest(*self.edge)
        small = self._smallest(example, report)
        if not self._is_edge_alone(*small):
            return *small, None
        return *self._smallest(example, report, lambda simpler: not _is_edge(simpler)), small

    def _is_edge_alone(self, example: Example, report: Report) -> bool:
        """Whether the failure goes away as soon as one of the axes that have less than two entries has two.

        Of planted values that is not asked: they may fail to hit again at another shape.
        """
        codes = {finding.code for finding in report.errors}
        for name in [name for name, size in example.sizes.items() if size < 2 and example.plant == "none"]:
            larger = replace(example, sizes={**example.sizes, name: 2})
            grown = [replace(larger, seed=seed) for seed in dict.fromkeys((example.seed, *range(REGROWN)))]
            try:
                if can_be_drawn(self.case, larger) and not any(self.breaks(one, codes) for one in grown):
                    return True
            except OutOfTime:
                return False
        return False

    def _smallest(
        self, example: Example, report: Report, allowed: Callable[[Example], bool] = lambda _: True
    ) -> tuple[Example, Report]:
        if self.case.inputs is not None:
            return example, report
        codes = {report.errors[0].code}
        smallest = shrink(self.case, example, lambda simpler: self.breaks(simpler, codes), self.borders, allowed)
        if smallest is example:
            return example, report
        try:
            whole = self._judged(smallest)
        except OutOfTime:  # there was time for the first error alone
            return example, report
        again = any(finding.code in codes for finding in whole.errors)  # but for an op that fails now and then
        return (smallest, whole) if again else (example, report)

    def _reported(self, example: Example, report: Report) -> Report:
        """The report of the failing example, with how to see it again."""
        fixed = self.case.inputs is not None and not callable(self.case.inputs)
        return replace(
            report,
            examples=self.tally.count,
            planned=self.tally.asked,
            ranges=self.tally.reach.ranges,
            largest=self.tally.reach.largest,
            forwards=self.tally.forwards,
            backwards=self.tally.backwards,
            sizes=report.sizes or example.sizes,
            reproduce=f"seed {example.seed} at its inputs" if fixed else f"judge_example(case, {example!r})",
            example=example.fields(),
        )


def _turn(code: str) -> int:
    """When the law of an error is asked among all; before them what is no law's."""
    law = law_of(code)
    return -1 if law is None else LAWS.index(law)


def _is_edge(example: Example) -> bool:
    """Whether an axis is empty or has size 1: a loop axis where it does so in every input."""
    return example.empty or 1 in example.sizes.values() or 1 in np.broadcast_shapes(*example.loops)


def _placed(finding: Finding, example: Example) -> Finding:
    """An error at an edge, which says where it is."""
    sizes = ", ".join(f"{name}={size}" for name, size in example.sizes.items())
    return replace(finding, message=f"at another shape ({sizes}): {finding.message}")
