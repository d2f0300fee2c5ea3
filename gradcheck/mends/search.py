"""The search: every single edit, then pairs, each screened; what passes is judged in full."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from gradcheck.errors import UsageError
from gradcheck.generation import Example
from gradcheck.generation.borders import find_borders
from gradcheck.generation.options import nth_options
from gradcheck.generation.planned import planned
from gradcheck.numerics import within
from gradcheck.origin import Origin, origins_in
from gradcheck.protocol import Case
from gradcheck.protocol.source import relative
from gradcheck.report import Report
from gradcheck.source import Edit, Source, find_backward, read_tree
from gradcheck.workers import Answered, Task

from .batches import Ask, Ranked, screened
from .candidates import candidates
from .influence import Influence, Line, influence_of, probes
from .limits import (
    BASES,
    EARLY_BASES,
    EARLY_SECONDS,
    FAR_FETCHED,
    LATE,
    LONGEST,
    NEAR,
    PAIRED,
    SHOWN,
    TIERS,
    TOLD,
    VERIFIED,
)
from .made import made_in, made_with, origins_beside
from .parentheses import with_fewest_parentheses
from .partial import Partial, Partials
from .screen import Failing, Original, Screen, look
from .suggestion import Found, Rewritten, Settings, Suggestion
from .told import told_edits
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
        self.origins: tuple[Origin, ...] | None = None
        self.made: dict[Line, float] = {}
        self.original = Original((), (), (), 0.0)
        self.influence = Influence()
        self.partials = Partials(self.original, self.failing)
        self.tried: set[tuple[Edit, ...]] = set()
        self.singles = 0
        self.pairs = 0
        self.paired: dict[Edit, set[Edit]] = {}
        self.judged: set[tuple[str, ...]] = set()

    def run(self) -> Found:
        """Search; raise UsageError where the source cannot be edited.

        The likeliest singles first, then what the look for the line has found, two edits of one line among it. What no
        chance explains, that a gradient is right which was not, is mostly the mend of one of two mistakes: its
        likeliest second edits are tried at once, beside the other singles. All pairs of the rest come once the
        conventional singles are done.
        """
        self._look()
        suggestions: list[Suggestion] = []
        for least, most in pairwise(TIERS):
            found = [c for c in self._ranked(self.sources, most) if least <= c.cost < most]
            suggestions = self._try_singles([c for c in found if c.edits not in self.tried], most)
            if not suggestions and least == TIERS[0]:
                suggestions = self._try_told() or self._try_pairs(
                    self.partials.strong()[:EARLY_BASES], most, EARLY_SECONDS
                )
                suggestions = suggestions or self._try_singles(self._far_fetched(self.sources, self.made), most)
            if not suggestions and within(PAIRED, most):
                bases = self.partials.likeliest()[:BASES]
                suggestions = self._try_pairs(bases, PAIRED, EARLY_SECONDS) or self._try_pairs(bases, PAIRED)
            if suggestions:
                break
        seconds = time.monotonic() - self.start
        return Found(tuple(suggestions), self.singles, self.pairs, seconds, not suggestions and self._late())

    def _look(self) -> None:
        """The backward as it stands: what is wrong, what each line touches, and where the mistake was made."""
        edits = probes(self.backward, self.sources)
        screen = replace(self._screen(self.texts), candidates=tuple((edit,) for edit in edits))
        path = self.backward.path
        task = Task(path, self.texts[path], partial(look, screen=screen), LONGEST)
        with ThreadPoolExecutor(1) as waiting:  # for the other process, while this one looks where it was made
            asked = waiting.submit(lambda: list(self.ask([task])))
            self.origins = origins_beside(self.case, self.report, self.example)
            self.made = made_in(self.report, self.origins)
            [outcome] = asked.result()
        if not isinstance(outcome, Answered):
            raise UsageError(f"its backward could not be run in a process of its own: {outcome.message}")
        original: Original = outcome.value
        if original.refusal:
            raise UsageError(original.refusal)
        self.original = original
        self.partials = Partials(original, self.failing)
        self.influence = influence_of(edits, original.touched, original.wrong(original.errors), original.arguments)

    def _try_told(self) -> list[Suggestion]:
        """What the look for the line has found, two edits of one line among it, which no search by singles comes by."""
        if self.origins is None:
            self.origins = origins_in(self.case, self.report, self.example)
        found = told_edits(self.origins, self.sources)[:TOLD]
        self.singles += len(found)
        return self._verify([_Passed((edit,), float(rank)) for rank, edit in enumerate(found)], [])

    def _try_singles(self, found: Sequence[Ranked], below: float) -> list[Suggestion]:
        """Single edits; those that make something better without making it right are kept for pairs.

        What has passed is judged at once; after the first that is correct only those are tried that are as likely.
        Of the pairs that begin with what has made a gradient right as many are tried as of singles.
        """
        suggestions: list[Suggestion] = []
        last = float("inf")
        for round_ in screened(self._screen(self.texts), found, self.ask, *self._limits()):
            passed: list[_Passed] = []
            self.tried.update(candidate.edits for candidate, _ in round_)
            for candidate, result in round_:
                self.singles += 1
                if result is not None and result.passed:
                    passed.append(_Passed(candidate.edits, candidate.rank, at_once=True))
                elif result is not None:
                    self.partials.add(candidate, result)
            if passed:
                suggestions = self._verify(passed, suggestions)
            if suggestions and last == float("inf"):
                last = min(c.rank for c in found if c.edit == suggestions[0].edits[0]) + NEAR
            if not round_ or not within(round_[-1][0].rank, last):
                break
            for base in self.partials.strong()[:EARLY_BASES] if not suggestions else ():
                if self.pairs < self.singles and base.edit not in self.paired:
                    pairs = self._try_pairs([base], below, EARLY_SECONDS)
                    if pairs:
                        return pairs
        return suggestions

    def _try_pairs(self, bases: Sequence[Partial], below: float, count: int | None = None) -> list[Suggestion]:
        """Edits of what a single edit has made better, in the same file or another, the most promising base first.

        Of each base the ``count`` likeliest that cost less than ``below``, and that have not been tried yet.
        """
        for base in bases:
            if self._late():
                break
            path = base.edit.path
            edit = with_fewest_parentheses(base.edit, self.texts[path])
            text = edit.render(self.texts[path])
            tried = self.paired.setdefault(base.edit, set())
            passed = []
            most = below if base.errors else max(below, TIERS[2])
            made = self._made_with(base, text) if base.strong and not tried else {}
            sources, influence = {**self.sources, path: Source(path, text)}, self._influence_with(base)
            ranked = [c for c in self._ranked(sources, most, influence, made) if c.edit not in tried and not c.also]
            found = _merged(ranked[:count], self._far_fetched(sources, made, influence))
            tried.update(c.edit for c in found)
            screen = self._screen({**self.texts, path: text}, base, path)
            for round_ in screened(screen, found, self.ask, *self._limits()):
                for candidate, result in round_:
                    self.pairs += 1
                    if result is not None and result.passed:
                        passed.append(_Passed((edit, candidate.edit), candidate.rank))
            suggestions = self._verify(passed, [])
            if suggestions:
                return suggestions
        return []

    def _made_with(self, base: Partial, text: str) -> dict[Line, float]:
        """Where what is still wrong with a first edit was made."""
        work = partial(made_with, failing=base.failing, seed=self.settings.seed)
        [outcome] = self.ask([Task(base.edit.path, text, work, LONGEST)])
        found = outcome.value if isinstance(outcome, Answered) else ()
        return {(path, line): less for path, line, less in found}

    def _influence_with(self, base: Partial) -> Influence:
        """What each line has a hand in, beside what is still wrong with a first edit."""
        if not base.errors:
            return self.influence
        wrong = self.original.wrong(base.errors)
        return replace(self.influence, wrong=wrong, right=self.original.arguments - wrong)

    def _far_fetched(
        self, sources: Mapping[str, Source], made: Mapping[Line, float], influence: Influence | None = None
    ) -> list[Ranked]:
        """The likeliest edits, whatever they cost, of the lines one of which made what is wrong."""
        paths = {relative(path): path for path in sources}
        lines = {(paths[path], line) for path, line in made if path in paths}
        found = self._ranked(sources, TIERS[-1], influence, made, lines) if lines else []
        return [c for c in found if c.edits not in self.tried or influence is not None][:FAR_FETCHED]

    def _ranked(
        self,
        sources: Mapping[str, Source],
        below: float,
        influence: Influence | None = None,
        made: Mapping[Line, float] | None = None,
        only: Collection[Line] | None = None,
    ) -> list[Ranked]:
        """Every candidate of these texts that costs less, the likeliest first; of some lines ``only``.

        An edit is likelier by its place: what the line has a hand in, and whether the mistake was made there.
        """
        hands, lines = influence or self.influence, made or self.made
        shown = {path: relative(path) for path in sources}
        found = []
        for c in candidates(self.backward, sources, self.borders, self.held, below, only):
            path, line = c.edit.path, c.edit.line
            promise = hands.of(path, line) + lines.get((shown[path], line), 0.0)
            found.append(Ranked(c.edit, c.cost, c.cost - promise, c.also))
        return sorted(found, key=lambda candidate: candidate.rank)

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
            self.partials.nearly.append(Partial(candidate.edits[0], (), (), verified.failing))
        return None

    def _limits(self) -> tuple[int, float]:
        return self.settings.jobs, self.start + self.settings.budget

    def _screen(self, texts: Mapping[str, str], base: Partial | None = None, path: str | None = None) -> Screen:
        """What is asked about these texts: of the backward as it stands, or with a first edit."""
        known = base or self.original
        failing = (base and base.failing) or self.failing
        path = path or self.backward.path
        return Screen(texts, path, (), failing, self.settings.seed, known.errors, known.scaled)

    def _late(self) -> bool:
        return time.monotonic() >= self.start + self.settings.budget

    def _very_late(self) -> bool:
        """What has passed the screen is still judged for half the budget more."""
        return time.monotonic() >= self.start + LATE * self.settings.budget


def _merged(some: Sequence[Ranked], others: Sequence[Ranked]) -> list[Ranked]:
    """All of them once, the likeliest first."""
    found = {c.edit: c for c in (*others, *some) if not c.also}
    return sorted(found.values(), key=lambda c: c.rank)


def _lines(edits: Sequence[Edit]) -> tuple[tuple[str, int], ...]:
    return tuple((edit.path, edit.line) for edit in edits)


def _example(case: Case, report: Report, seed: int) -> Example:
    if report.example is not None:
        return Example(**report.example)
    return next(iter(planned(case, {}, 20, seed)))
