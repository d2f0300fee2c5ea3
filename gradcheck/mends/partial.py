"""Partial mends: first edits of two, after which less is wrong, and what each of them shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gradcheck.numerics import within
from gradcheck.source import Edit

from .batches import Ranked
from .limits import BETTER
from .screen import Failing, Original, Screened


@dataclass(frozen=True)
class Partial:
    """A first edit of two: what is off with it, and an example at which the gate still calls it wrong.

    ``strong``: at every point where something was wrong, a gradient or an entry that was is right with it, or needs a
    factor only. That no other edit does by chance, but one that undoes a mistake does.
    """

    edit: Edit
    errors: tuple[float, ...]
    scaled: tuple[bool, ...]
    failing: Failing | None
    strong: bool = False


class Partials:
    """The partial mends of one search, of each backward that they come to the likeliest edit."""

    def __init__(self, original: Original, failing: Failing | None) -> None:
        self.original = original
        self.failing = failing
        self.nearly: list[Partial] = []  # right on the screen, and called wrong by the whole judgement
        self._found: dict[tuple[float, ...], tuple[tuple[int, float], Partial]] = {}

    def add(self, candidate: Ranked, result: Screened) -> None:
        """Keep it if something is better with it: of what comes to the same numbers the first."""
        errors, known = result.errors, self.original.errors
        righted = set(_points(self.original, _righted(result, self.original)))
        strong = righted >= set(_points(self.original, (was != 0 for was in known)))
        if candidate.also or not (strong or any(map(_is_better, errors, known))):
            return
        right = sum(error == 0 for error in errors)
        partial = Partial(candidate.edit, errors, result.scaled, self.failing, strong)
        order = -right - sum(result.scaled), candidate.rank
        before = self._found.get(result.numbers)
        if before is None or order < before[0]:
            self._found[result.numbers] = order, partial

    def likeliest(self) -> list[Partial]:
        """First those that only the whole judgement called wrong; then what shows most, and what is likeliest."""
        found = sorted(self._found.values(), key=lambda item: (not item[1].strong, item[0]))
        return [*self.nearly, *(partial for _, partial in found)]

    def strong(self) -> list[Partial]:
        """Those of them that no chance explains."""
        return [partial for partial in self.likeliest() if partial.strong or not partial.errors]


def _righted(result: Screened, original: Original) -> Iterator[bool]:
    """Of each cell whether it is right now, or but for a factor, and was not."""
    cells = zip(result.errors, result.scaled, original.errors, original.scaled, strict=True)
    for now, scaled, was, was_scaled in cells:
        yield now == 0 < was or (scaled and not was_scaled)


def _points(original: Original, chosen: Iterable[bool]) -> Iterator[int]:
    """The points of the cells that are chosen."""
    return (point for (point, _), yes in zip(original.cells, chosen, strict=True) if yes)


def _is_better(now: float, was: float) -> bool:
    return was != 0 and within(now, BETTER * was)
