"""The search: every single edit, then pairs, each screened; what passes is judged in full."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, pairwise

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.borders import find_borders
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.numerics import within
from gradcheck.protocol import Case
from gradcheck.protocol.source import relative
from gradcheck.report import Report
from gradcheck.source import Edit, Source, find_backward, read_tree
from gradcheck.workers import Answered, Task

from .batches import Ask, Ranked, screened
from .candidates import candidates
from .influence import Influence, Line, influence_of, probes
from .limits import BASES, BETTER, EARLY_BASES, EARLY_SECONDS, LATE, LONGEST, NEAR, PAIRED, SHOWN, TIERS, VERIFIED
from .made import made_in
from .parentheses import with_fewest_parentheses
from .screen import Failing, Original, Screen, Screened, look
from .suggestion import Found, Rewritten, Settings, Suggestion
from .values import values_held
from .verify import Verified, verify


@dataclass(frozen=True)
class _Passed:
    """What has passed the screen: edits of one text ``at_once``, or each of what the one before has made."""

    edits: tuple[Edit, ...]
    rank: float
    at_once: bool = False

    def made_in(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The files that it edits, with the text that each has then."""
        found: dict[str, str] = {}
        backwards = sorted(self.edits, key=lambda edit: -edit.start)  # so that none moves another
        for edit in backwards if self.at_once else self.edits:
            text = found.get(edit.path, texts[edit.path])
            found[edit.path] = with_fewest_parentheses(edit, text).render(text)
        return {path: found[path] for path in texts if path in found}


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
        self.report = report
        self.ask = ask
        self.settings = settings
        self.start = time.monotonic()
        self.backward = find_backward(case, settings.seed, raising=True)
        paths = [part.path for part in self.backward.parts]
        around = [path for path, _ in self.backward.forward if path not in paths]
        self.sources = {path: read_tree(path) for path in dict.fromkeys((*paths, *around))}
        self.texts = {path: self.sources[path].text for path in paths}
        self.failing = Failing.of(case, report)
        self.borders = find_borders(case, nth_options(case, 0), lambda: None)
        self.example = _example(case, report, settings.seed)
        self.held = values_held(case, self.example, self.backward)
        self.made: dict[Line, float] = {}
        self.influence = Influence()
        self.singles = 0
        self.pairs = 0
        self.progress: list[tuple[Ranked, Screened]] = []
        self.nearly: list[_Base] = []
        self.paired: dict[str, set[Edit]] = {}
        self.judged: set[tuple[str, ...]] = set()

    def run(self) -> Found:
        """Search; raise UsageError where the source cannot be edited.

        The likeliest singles first; then the likeliest pairs of what has made a gradient right, since who made two
        mistakes made two ordinary ones; all pairs once the conventional singles are done.
        """
        original = self._look()
        suggestions: list[Suggestion] = []
        for least, most in pairwise(TIERS):
            found = [c for c in self._ranked(self.sources, most) if least <= c.cost < most]
            suggestions = self._try_singles(original, found)
            if not suggestions and least == TIERS[0]:
                suggestions = self._try_pairs(self._bases(original)[:EARLY_BASES], most, EARLY_SECONDS)
            if not suggestions and within(PAIRED, most):
                bases = self._bases()
                suggestions = self._try_pairs(bases, PAIRED, EARLY_SECONDS) or self._try_pairs(bases, PAIRED)
            if suggestions:
                break
        seconds = time.monotonic() - self.start
        return Found(tuple(suggestions), self.singles, self.pairs, seconds, not suggestions and self._late())

    def _look(self) -> Original:
        edits = probes(self.backward, self.sources)
        screen = replace(self._screen(self.texts), candidates=tuple((edit,) for edit in edits))
        path = self.backward.path
        task = Task(path, self.texts[path], partial(look, screen=screen), LONGEST)
        with ThreadPoolExecutor(1) as waiting:  # for the other process, while this one looks where it was made
            asked = waiting.submit(lambda: list(self.ask([task])))
            self.made = made_in(self.case, self.report, self.example)
            [outcome] = asked.result()
        if not isinstance(outcome, Answered):
            raise UsageError(f"its backward could not be run in a process of its own: {outcome.message}")
        original: Original = outcome.value
        if original.refusal:
            raise UsageError(original.refusal)
        self.influence = influence_of(edits, original.touched, original.wrong, original.arguments)
        return original

    def _try_singles(self, original: Original, found: Sequence[Ranked]) -> list[Suggestion]:
        """Single edits; those that make something better without making it right are kept for pairs.

        What has passed is judged at once; after the first that is correct only those are tried that are as likely.
        """
        passed: list[_Passed] = []
        suggestions: list[Suggestion] = []
        last = float("inf")
        for round_ in screened(self._screen(self.texts, original.errors), found, self.ask, *self._limits()):
            for candidate, result in round_:
                self.singles += 1
                if result is not None and result.passed:
                    passed.append(_Passed(candidate.edits, candidate.rank, at_once=True))
                elif result is not None and not candidate.also and _better(result.errors, original.errors):
                    self.progress.append((candidate, result))
            if passed:
                suggestions = self._verify(passed, suggestions)
                passed = []
            if suggestions and last == float("inf"):
                last = min(c.rank for c in found if c.edit == suggestions[0].edits[0]) + NEAR
            if not round_ or not within(round_[-1][0].rank, last):
                break
        return suggestions

    def _try_pairs(self, bases: Sequence[_Base], below: float, count: int | None = None) -> list[Suggestion]:
        """Edits of what a single edit has made better, in the same file or another, the most promising base first.

        Of each base the ``count`` likeliest that cost less than ``below``, and that have not been tried yet.
        """
        for base in bases:
            if self._late():
                break
            path = base.edit.path
            edit = with_fewest_parentheses(base.edit, self.texts[path])
            text = edit.render(self.texts[path])
            tried = self.paired.setdefault(text, set())
            passed = []
            most = below if base.errors else max(below, TIERS[2])
            edited = {**self.sources, path: Source(path, text)}
            influence = self._influence_with(base)
            ranked = self._ranked(edited, most, influence)
            found = [c for c in ranked if c.cost < most and not c.also and c.edit not in tried][:count]
            tried.update(c.edit for c in found)
            screen = self._screen({**self.texts, path: text}, base.errors, base.failing, path)
            for round_ in screened(screen, found, self.ask, *self._limits()):
                for candidate, result in round_:
                    self.pairs += 1
                    if result is not None and result.passed:
                        passed.append(_Passed((edit, candidate.edit), candidate.rank))
            suggestions = self._verify(passed, [])
            if suggestions:
                return suggestions
        return []

    def _bases(self, beyond: Original | None = None) -> list[_Base]:
        """First those that only the full judgement called wrong; then by how many gradients they have made right.

        ``beyond``: only those that have made one right which was wrong there.
        """
        found: dict[tuple[float, ...], _Base] = {}
        for candidate, result in sorted(self.progress, key=lambda item: (-item[1].right, item[0].rank)):
            if beyond is None or any(now == 0 < was for now, was in zip(result.errors, beyond.errors, strict=True)):
                found.setdefault(result.numbers, _Base(candidate.edit, result.errors, self.failing))
        return [*self.nearly, *list(found.values())[:BASES]]

    def _influence_with(self, base: _Base) -> Influence:
        """What each line has a hand in, beside what is still wrong with a first edit."""
        arguments = sorted(self.influence.wrong | self.influence.right)
        if not base.errors or not arguments:
            return self.influence
        errors = zip(cycle(arguments), base.errors, strict=False)  # point after point
        wrong = frozenset(argument for argument, error in errors if error)
        return replace(self.influence, wrong=wrong, right=frozenset(arguments) - wrong)

    def _ranked(self, sources: Mapping[str, Source], below: float, influence: Influence | None = None) -> list[Ranked]:
        """Every candidate of these texts that costs less, the likeliest first."""
        hands = influence or self.influence
        found = [
            Ranked(c.edit, c.cost, c.cost - self._promise(c.edit, hands), c.also)
            for c in candidates(self.backward, sources, self.borders, self.held, below)
        ]
        return sorted(found, key=lambda candidate: candidate.rank)

    def _promise(self, edit: Edit, influence: Influence) -> float:
        """How much likelier an edit is by its place: what the line has a hand in, and whether it was made there."""
        return influence.of(edit.path, edit.line) + self.made.get((relative(edit.path), edit.line), 0.0)

    def _verify(self, passed: Sequence[_Passed], known: Sequence[Suggestion]) -> list[Suggestion]:
        """Judge in full, best first, until enough are correct; of those on one line only the best."""
        suggestions = {_lines(suggestion.edits): suggestion for suggestion in known}
        for candidate in sorted(passed, key=lambda c: c.rank):
            lines = _lines(candidate.edits)
            if len(suggestions) >= SHOWN or len(self.judged) >= VERIFIED or self._very_late():
                break
            suggestion = None if lines in suggestions else self._judge(candidate)
            if suggestion is not None:
                suggestions[lines] = suggestion
        return list(suggestions.values())

    def _judge(self, candidate: _Passed) -> Suggestion | None:
        texts = candidate.made_in(self.texts)
        if tuple(texts.values()) in self.judged:
            return None
        self.judged.add(tuple(texts.values()))
        seeds = [self.settings.seed, self.settings.seed + 1000, self.settings.seed + 2000]
        (path, text), *others = texts.items()
        judge = partial(verify, examples=self.settings.examples, seeds=seeds)
        [outcome] = self.ask([Task(path, text, judge, LONGEST, tuple(others))])
        if not isinstance(outcome, Answered):
            return None
        verified: Verified = outcome.value
        if verified.correct:
            files = tuple(Rewritten(path, self.texts[path], text) for path, text in texts.items())
            return Suggestion(candidate.edits, files, verified.examples)
        if verified.failing is not None and len(candidate.edits) == 1:
            self.nearly.append(_Base(candidate.edits[0], (), verified.failing))
        return None

    def _limits(self) -> tuple[int, float]:
        return self.settings.jobs, self.start + self.settings.budget

    def _screen(
        self,
        texts: Mapping[str, str],
        known: tuple[float, ...] = (),
        failing: Failing | None = None,
        path: str | None = None,
    ) -> Screen:
        path = path or self.backward.path
        return Screen(texts, path, (), failing or self.failing, self.settings.seed, known)

    def _late(self) -> bool:
        return time.monotonic() >= self.start + self.settings.budget

    def _very_late(self) -> bool:
        """What has passed the screen is still judged for half the budget more."""
        return time.monotonic() >= self.start + LATE * self.settings.budget


def _lines(edits: Sequence[Edit]) -> tuple[tuple[str, int], ...]:
    return tuple((edit.path, edit.line) for edit in edits)


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
