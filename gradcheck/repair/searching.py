"""The search: every single edit, then pairs, each screened; what passes is judged in full."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.borders import find_borders
from gradcheck.generation.options import nth_options, numbered
from gradcheck.generation.planned import planned
from gradcheck.mutation import (
    Answered,
    Backward,
    Edit,
    Outcome,
    Source,
    Task,
    find_backward,
    read_tree,
    unified_diff,
)
from gradcheck.protocol import Case
from gradcheck.report import Report

from .candidates import candidates
from .influence import Influence, influence_of
from .polishing import polished
from .screening import Failing, Original, Screen, Screened, look, screen_all
from .verifying import verify

Ask = Callable[[Sequence[Task]], Iterator[Outcome]]

BATCH = 300
SHOWN = 3  # suggestions
_VERIFIED_AT_MOST = 24
_BASES = 16
_TIERS = (0.0, 1.9, 2.4, 99.0)  # by cost: when a tier has mended it the next, more far-fetched one is not tried
_PAIRED = 2.1  # the second of two edits is a conventional one
_ROUND = 6.0  # seconds for one batch
_STARTING = 20.0  # seconds in which a process must have loaded the case and measured its slopes
_LONGEST = 240.0  # seconds in which a candidate must be judged in full


@dataclass(frozen=True)
class Settings:
    """``budget`` in seconds; ``examples`` per seed and ``seed`` as for `gradcheck run`; ``jobs`` processes."""

    budget: float = 60.0
    examples: int = 100
    seed: int = 0
    jobs: int = 1


@dataclass(frozen=True)
class Suggestion:
    """A verified mend: one edit or two, the new text of the file, and at how many examples the case was correct."""

    edits: tuple[Edit, ...]
    path: str
    before: str
    after: str
    examples: int

    @property
    def diff(self) -> str:
        """A unified diff."""
        return unified_diff(self.path, self.before, self.after)


@dataclass(frozen=True)
class Found:
    """What the search came to: suggestions, best first, how many edits were tried, and how long it took."""

    suggestions: tuple[Suggestion, ...]
    singles: int
    pairs: int
    seconds: float
    late: bool = False


@dataclass(frozen=True)
class Ranked:
    """A candidate and its rank: its cost, less where everything wrong comes from its line."""

    edit: Edit
    cost: float
    rank: float


@dataclass(frozen=True)
class _Passed:
    edits: tuple[Edit, ...]
    rank: float


class Search:
    """One search over the edits of one backward."""

    def __init__(self, case: Case, report: Report, ask: Ask, settings: Settings) -> None:
        self.case = case
        self.ask = ask
        self.settings = settings
        self.start = time.monotonic()
        self.backward: Backward = find_backward(case, settings.seed, raising=True)
        self.source: Source = read_tree(self.backward.path)
        self.example = _example(case, report, settings.seed)
        self.failing = _failing(case, report)
        self.forward = getattr(inspect.unwrap(case.op), "__qualname__", "")
        self.borders = find_borders(case, nth_options(case, 0), lambda: None)
        wrong = frozenset(finding.argument for finding in report.errors if finding.argument)
        self.influence: Influence = influence_of(case, self.example, wrong)
        self.singles = 0
        self.pairs = 0
        self.progress: list[tuple[Ranked, Screened]] = []
        self.paired: set[tuple[float, ...]] = set()
        self.rejected: set[str] = set()
        self.verified = 0

    def run(self) -> Found:
        """Search; raise UsageError where the source cannot be edited."""
        original = self._look()
        every = self._ranked(self.source.text)
        suggestions: list[Suggestion] = []
        for least, most in pairwise(_TIERS):
            suggestions = self._singles(original, [c for c in every if least <= c.cost < most])
            if not suggestions and most >= _PAIRED:
                suggestions = self._pairs()
            if suggestions:
                break
        seconds = time.monotonic() - self.start
        return Found(tuple(suggestions), self.singles, self.pairs, seconds, not suggestions and self._late())

    def _look(self) -> Original:
        screen = Screen(self.source.text, self.source.path, (), self.failing, self.settings.seed)
        task = self._task(self.source.text, partial(look, screen=screen), _LONGEST)
        [outcome] = self.ask([task])
        if not isinstance(outcome, Answered):
            raise UsageError(f"its backward could not be run in a process of its own: {outcome.message}")
        original: Original = outcome.value
        if original.refusal:
            raise UsageError(original.refusal)
        return original

    def _singles(self, original: Original, found: Sequence[Ranked]) -> list[Suggestion]:
        """Single edits; those that make something better without making it right are kept for pairs."""
        passed: list[_Passed] = []
        for candidate, screened in self._screened(self.source.text, found, original.errors):
            self.singles += 1
            if screened is None:
                continue
            if screened.passed:
                passed.append(_Passed((candidate.edit,), candidate.rank))
            elif _better(screened.errors, original.errors):
                self.progress.append((candidate, screened))
        return self._verify(passed)

    def _pairs(self) -> list[Suggestion]:
        """Edits of what a single edit has made better, the most promising base first."""
        bases: dict[tuple[float, ...], tuple[Edit, Screened]] = {}
        for candidate, screened in sorted(self.progress, key=lambda item: (-item[1].right, item[0].rank)):
            bases.setdefault(screened.numbers, (candidate.edit, screened))
        untried = [numbers for numbers in bases if numbers not in self.paired][:_BASES]
        self.paired.update(untried)
        for base, screened in (bases[numbers] for numbers in untried):
            if self._late():
                break
            base = polished(base, self.source.text)
            text = base.render(self.source.text)
            try:
                found = [candidate for candidate in self._ranked(text) if candidate.cost < _PAIRED]
            except UsageError:
                continue
            passed = []
            for candidate, outcome in self._screened(text, found, screened.errors):
                self.pairs += 1
                if outcome is not None and outcome.passed:
                    passed.append(_Passed((base, candidate.edit), candidate.rank))
            suggestions = self._verify(passed)
            if suggestions:
                return suggestions
        return []

    def _ranked(self, text: str) -> list[Ranked]:
        """Every candidate of a text, the likeliest first."""
        found = [
            Ranked(c.edit, c.cost, c.cost - self.influence.of(c.edit.line))
            for c in candidates(self.backward, Source(self.source.path, text), self.borders, self.forward)
        ]
        return sorted(found, key=lambda candidate: candidate.rank)

    def _screened(
        self, text: str, found: Sequence[Ranked], known: tuple[float, ...]
    ) -> Iterator[tuple[Ranked, Screened | None]]:
        """What became of each candidate, a round of one batch per process at a time, until the time is up."""
        waiting = list(found)
        while waiting and not self._late():
            batches = [waiting[n * BATCH : (n + 1) * BATCH] for n in range(self.settings.jobs)]
            del waiting[: self.settings.jobs * BATCH]
            batches = [batch for batch in batches if batch]
            for batch, results in zip(batches, self._ask_all(text, batches, known), strict=True):
                yield from zip(batch, results, strict=False)
                waiting = batch[len(results) :] + waiting  # those for which there was no time

    def _ask_all(
        self, text: str, batches: Sequence[Sequence[Ranked]], known: tuple[float, ...]
    ) -> Iterator[list[Screened | None]]:
        """Screen batches; one that takes its process down is halved until the candidate that did it is alone."""
        seconds = max(1.0, min(_ROUND, self._left()))
        screens = [
            Screen(
                text,
                self.source.path,
                tuple((c.edit,) for c in batch),
                self.failing,
                self.settings.seed,
                known,
                seconds,
            )
            for batch in batches
        ]
        tasks = [self._task(text, partial(screen_all, screen=screen), 4 * seconds + _STARTING) for screen in screens]
        for batch, outcome in zip(batches, self.ask(tasks), strict=True):
            if isinstance(outcome, Answered):
                yield outcome.value
            elif len(batch) == 1 or self._late():
                yield [None] * len(batch)
            else:
                half = len(batch) // 2
                parts = list(self._ask_all(text, [batch[:half], batch[half:]], known))
                yield [*parts[0], *parts[1]] if len(parts[0]) == half else parts[0]

    def _verify(self, passed: Sequence[_Passed]) -> list[Suggestion]:
        """Judge in full, best first, until enough are correct; of those on one line only the best."""
        suggestions: dict[tuple[int, ...], Suggestion] = {}
        for candidate in sorted(passed, key=lambda c: c.rank):
            lines = tuple(edit.line for edit in candidate.edits)
            if len(suggestions) >= SHOWN or self.verified >= _VERIFIED_AT_MOST or self._very_late():
                break
            suggestion = None if lines in suggestions else self._judge(candidate)
            if suggestion is not None:
                suggestions[lines] = suggestion
        return list(suggestions.values())

    def _judge(self, candidate: _Passed) -> Suggestion | None:
        text = self.source.text
        made = []
        for edit in candidate.edits:
            made.append(polished(edit, text))
            text = made[-1].render(text)
        if text in self.rejected:
            return None
        self.rejected.add(text)
        self.verified += 1
        seeds = [self.settings.seed, self.settings.seed + 1000, self.settings.seed + 2000]
        task = self._task(text, partial(verify, examples=self.settings.examples, seeds=seeds), _LONGEST)
        [outcome] = self.ask([task])
        if not isinstance(outcome, Answered) or not outcome.value.correct:
            return None
        return Suggestion(candidate.edits, self.source.path, self.source.text, text, outcome.value.examples)

    def _task(self, text: str, work: Callable[..., object], seconds: float) -> Task:
        return Task(self.source.path, text, work, seconds)

    def _left(self) -> float:
        return self.start + self.settings.budget - time.monotonic()

    def _late(self) -> bool:
        return self._left() <= 0

    def _very_late(self) -> bool:
        """What has passed the screen is still verified for half the budget more."""
        return self._left() <= -0.5 * self.settings.budget


def _better(now: Sequence[float], before: Sequence[float]) -> bool:
    """Whether some gradient is nearer to right, and none that was right is not."""
    if len(now) != len(before):
        return False
    worse = any(a > b for a, b in zip(now, before, strict=True) if b == 0)
    return not worse and any(a < 0.9 * b for a, b in zip(now, before, strict=True))


def _example(case: Case, report: Report, seed: int) -> Example:
    if report.example is not None:
        return Example(**report.example)
    return next(iter(planned(case, {}, 20, seed)))


def _failing(case: Case, report: Report) -> Failing | None:
    if report.example is None:
        return None
    fields = {name: value for name, value in report.example.items() if name != "options"}
    numbers = numbered(case, report.example.get("options", {}))
    return None if numbers is None else Failing(fields, numbers)
