"""The examples of one case, one after another, up to the first that is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from gradcheck.laws import Law
from gradcheck.laws.reasons import NOISE, RAISED
from gradcheck.protocol import Case, deadline, limits
from gradcheck.protocol.deadline import OutOfTime
from gradcheck.report import Report, Verdict

from .borders import find_borders
from .budget import Budget
from .example import Example, judge_example
from .explore import explore
from .ladder import climb, is_climbed
from .limits import ALL_PLANNED, LARGE_SHARE, OVERTIME, REDRAWN, SCAN_SHARE
from .memory import is_too_large
from .observing import Observer
from .options import nth_options
from .planned import planned
from .tally import Tally


@dataclass
class Hunt:
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
            report = self.judged_at(example, verdict_only=self.verdict_only)
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
            if self.verdict_only or not is_edge(example):
                self.failure = (example, report)
            else:
                self.edge = self.edge or (example, report)
        else:
            self.tally.inner += not is_edge(example)
            if self.tally.refusals.is_last(example):
                self._look_for_blame(example)
        return not (self.failure or deadline.clock.hung or self.is_over())

    def judge(self, example: Example) -> Report:
        """Judge one example and count it in."""
        start = time.monotonic()
        with self.observer.asking():
            report = self._told_once(example)
        self.observer.tell(example, report, time.monotonic() - start)
        self.tally.add(example, report)
        self.on_example()
        return report

    def _told_once(self, example: Example) -> Report:
        """The report of one example, in which the tally keeps what no example before it has said of an argument.

        Why an argument does not settle takes some hundred forwards to find out. What is wrong is reported whole.
        """
        told = self.tally.told(NOISE.code)
        report = self.judged_at(example, verdict_only=self.verdict_only, told=told)
        if told and report.verdict is Verdict.WRONG and not self.verdict_only:
            whole = self.judged_at(example)
            report = whole if whole.verdict is Verdict.WRONG else report  # but for an op that fails now and then
        return report

    def judged_at(self, example: Example, *, verdict_only: bool = False, told: Collection[str | None] = ()) -> Report:
        """The report of one example, which is not counted in."""
        laws = self.laws if self.tally.repeats else [law for law in self.laws if not law.needs_repeats]
        return judge_example(self.case, example, laws, verdict_only=verdict_only, told=told)

    def _look_for_blame(self, example: Example) -> None:
        """Whether the forward that raised does so at other values of the same shape; one such shape is enough."""
        shapes = self.tally.refusals.shapes
        if self.case.inputs is not None or any(known.is_large == example.is_large for known in shapes):
            return
        for number in range(REDRAWN):
            again = judge_example(self.case, replace(example, seed=example.seed + 1 + number), ())
            self.tally.forwards += again.forwards
            if not any(finding.code == RAISED.code for finding in again.findings):
                return
        shapes.append(example)


def is_edge(example: Example) -> bool:
    """Whether an axis is empty or has size 1: a loop axis where it does so in every input."""
    return example.empty or 1 in example.sizes.values() or 1 in np.broadcast_shapes(*example.loops)
