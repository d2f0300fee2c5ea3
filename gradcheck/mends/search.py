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
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.numerics import within
from gradcheck.protocol import Case
from gradcheck.report import Report
from gradcheck.source import Edit, Source, find_backward, read_tree
from gradcheck.workers import Answered, Task

from .batches import Ask, Ranked, screened
from .candidates import candidates
from .influence import influence_of
from .limits import BASES, BETTER, LATE, LONGEST, PAIRED, SHOWN, TIERS, VERIFIED
from .parentheses import with_fewest_parentheses
from .screen import Failing, Original, Screen, Screened, look
from .suggestion import Found, Settings, Suggestion
from .verify import Verified, verify


@dataclass(frozen=True)
class _Passed:
    """What has passed the screen."""

    edits: tuple[Edit, ...]
    rank: float


@dataclass(frozen=True)
class _Base:
    """A first edit of two: what is off with it, and an example at which the gate still calls it wrong."""

    edit: Edit
    errors: tuple[float, ...]
    failing: Failing | None


class Search:
    """One search over the edits of one backward."""

    def __init__(self, case: Case, report: Report, ask: Ask, settings: Settings) -> None:
        self.case = case
        self.ask = ask
        self.settings = settings
        self.start = time.monotonic()
        self.backward = find_backward(case, settings.seed, raising=True)
        self.source = read_tree(self.backward.path)
        self.failing = Failing.of(case, report)
        self.forward = getattr(inspect.unwrap(case.op), "__qualname__", "")
        self.borders = find_borders(case, nth_options(case, 0), lambda: None)
        wrong = frozenset(finding.argument for finding in report.errors if finding.argument)
        self.influence = influence_of(case, _example(case, report, settings.seed), wrong)
        self.singles = 0
        self.pairs = 0
        self.progress: list[tuple[Ranked, Screened]] = []
        self.nearly: list[_Base] = []
        self.paired: set[str] = set()
        self.judged: set[str] = set()

    def run(self) -> Found:
        """Search; raise UsageError where the source cannot be edited.

        Singles by tiers, and pairs once the conventional singles are done.
        """
        original = self._look()
        every = self._ranked(self.source.text)
        suggestions: list[Suggestion] = []
        for least, most in pairwise(TIERS):
            suggestions = self._try_singles(original, [c for c in every if least <= c.cost < most])
            if not suggestions and within(PAIRED, most):
                suggestions = self._try_pairs()
            if suggestions:
                break
        seconds = time.monotonic() - self.start
        return Found(tuple(suggestions), self.singles, self.pairs, seconds, not suggestions and self._late())

    def _look(self) -> Original:
        task = self._task(self.source.text, partial(look, screen=self._screen(self.source.text)), LONGEST)
        [outcome] = self.ask([task])
        if not isinstance(outcome, Answered):
            raise UsageError(f"its backward could not be run in a process of its own: {outcome.message}")
        original: Original = outcome.value
        if original.refusal:
            raise UsageError(original.refusal)
        return original

    def _try_singles(self, original: Original, found: Sequence[Ranked]) -> list[Suggestion]:
        """Single edits; those that make something better without making it right are kept for pairs."""
        passed: list[_Passed] = []
        for candidate, result in self._screened(self._screen(self.source.text, original.errors), found):
            self.singles += 1
            if result is not None and result.passed:
                passed.append(_Passed((candidate.edit,), candidate.rank))
            elif result is not None and _better(result.errors, original.errors):
                self.progress.append((candidate, result))
        return self._verify(passed)

    def _try_pairs(self) -> list[Suggestion]:
        """Edits of what a single edit has made better, the most promising base first."""
        for base in self._bases():
            if self._late():
                break
            edit = with_fewest_parentheses(base.edit, self.source.text)
            text = edit.render(self.source.text)
            if text in self.paired:
                continue
            self.paired.add(text)
            passed = []
            most = PAIRED if base.errors else TIERS[2]
            found = [candidate for candidate in self._ranked(text) if candidate.cost < most]
            for candidate, result in self._screened(self._screen(text, base.errors, base.failing), found):
                self.pairs += 1
                if result is not None and result.passed:
                    passed.append(_Passed((edit, candidate.edit), candidate.rank))
            suggestions = self._verify(passed)
            if suggestions:
                return suggestions
        return []

    def _bases(self) -> list[_Base]:
        """First those that only the full judgement called wrong; then by how many gradients they have made right."""
        found: dict[tuple[float, ...], _Base] = {}
        for candidate, result in sorted(self.progress, key=lambda item: (-item[1].right, item[0].rank)):
            found.setdefault(result.numbers, _Base(candidate.edit, result.errors, self.failing))
        return [*self.nearly, *list(found.values())[:BASES]]

    def _ranked(self, text: str) -> list[Ranked]:
        """Every candidate of a text, the likeliest first."""
        found = [
            Ranked(c.edit, c.cost, c.cost - self.influence.of(c.edit.line))
            for c in candidates(self.backward, Source(self.source.path, text), self.borders, self.forward)
        ]
        return sorted(found, key=lambda candidate: candidate.rank)

    def _verify(self, passed: Sequence[_Passed]) -> list[Suggestion]:
        """Judge in full, best first, until enough are correct; of those on one line only the best."""
        suggestions: dict[tuple[int, ...], Suggestion] = {}
        for candidate in sorted(passed, key=lambda c: c.rank):
            lines = tuple(edit.line for edit in candidate.edits)
            if len(suggestions) >= SHOWN or len(self.judged) >= VERIFIED or self._very_late():
                break
            suggestion = None if lines in suggestions else self._judge(candidate)
            if suggestion is not None:
                suggestions[lines] = suggestion
        return list(suggestions.values())

    def _judge(self, candidate: _Passed) -> Suggestion | None:
        text = self.source.text
        for edit in candidate.edits:
            text = with_fewest_parentheses(edit, text).render(text)
        if text in self.judged:
            return None
        self.judged.add(text)
        seeds = [self.settings.seed, self.settings.seed + 1000, self.settings.seed + 2000]
        task = self._task(text, partial(verify, examples=self.settings.examples, seeds=seeds), LONGEST)
        [outcome] = self.ask([task])
        if not isinstance(outcome, Answered):
            return None
        verified: Verified = outcome.value
        if verified.correct:
            return Suggestion(candidate.edits, self.source.path, self.source.text, text, verified.examples)
        if verified.failing is not None and len(candidate.edits) == 1:
            self.nearly.append(_Base(candidate.edits[0], (), verified.failing))
        return None

    def _screened(self, screen: Screen, found: Sequence[Ranked]) -> Iterator[tuple[Ranked, Screened | None]]:
        return screened(screen, found, self.ask, self.settings.jobs, self.start + self.settings.budget)

    def _screen(self, text: str, known: tuple[float, ...] = (), failing: Failing | None = None) -> Screen:
        return Screen(text, self.source.path, (), failing or self.failing, self.settings.seed, known)

    def _task(self, text: str, work: Callable[..., object], seconds: float) -> Task:
        return Task(self.source.path, text, work, seconds)

    def _late(self) -> bool:
        return time.monotonic() >= self.start + self.settings.budget

    def _very_late(self) -> bool:
        """What has passed the screen is still judged for half the budget more."""
        return time.monotonic() >= self.start + LATE * self.settings.budget


def _better(now: Sequence[float], before: Sequence[float]) -> bool:
    """Whether some gradient is nearer to right, and none that was right is not."""
    if len(now) != len(before):
        return False
    worse = any(a > b for a, b in zip(now, before, strict=True) if b == 0)
    return not worse and any(b != 0 and within(a, BETTER * b) for a, b in zip(now, before, strict=True))


def _example(case: Case, report: Report, seed: int) -> Example:
    if report.example is not None:
        return Example(**report.example)
    return next(iter(planned(case, {}, 20, seed)))
