"""Candidates screened in rounds of one batch per process, until the time is up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gradcheck.source import Edit
from gradcheck.workers import Answered, Outcome, Task

from .limits import BATCH, FIRST_ROUND, ROUND, STARTING
from .screen import Screen, Screened, screen_all

Ask = Callable[[Sequence[Task]], Iterator[Outcome]]


@dataclass(frozen=True)
class Ranked:
    """A candidate and its rank: its cost, less where everything wrong comes from its line."""

    edit: Edit
    cost: float
    rank: float
    also: tuple[Edit, ...] = ()

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All of it: the same edit at several places, or one."""
        return (self.edit, *self.also)


def screened(
    screen: Screen, found: Sequence[Ranked], ask: Ask, jobs: int, deadline: float
) -> Iterator[list[tuple[Ranked, Screened | None]]]:
    """What became of each candidate, in their order, round by round; those for which there was no time are left out."""
    waiting = list(found)
    size, several = FIRST_ROUND, 1  # what is mended by the likeliest edits waits for no second process to start
    while waiting and time.monotonic() < deadline:
        batches = [batch for n in range(several) if (batch := waiting[n * size : (n + 1) * size])]
        del waiting[: several * size]
        size, several = BATCH, jobs
        done: list[tuple[Ranked, Screened | None]] = []
        left: list[Ranked] = []
        for batch, results in zip(batches, _ask_all(screen, batches, ask, deadline), strict=True):
            done += zip(batch, results, strict=False)
            left += batch[len(results) :]
        waiting = [*left, *waiting]
        yield done


def _ask_all(
    screen: Screen, batches: Sequence[Sequence[Ranked]], ask: Ask, deadline: float
) -> Iterator[list[Screened | None]]:
    """Screen batches; one that takes its process down is halved until the candidate that did it is alone."""
    seconds = max(1.0, min(ROUND, deadline - time.monotonic()))
    asked = [replace(screen, candidates=tuple(c.edits for c in batch), seconds=seconds) for batch in batches]
    tasks = [
        Task(one.path, one.texts[one.path], partial(screen_all, screen=one), 4 * seconds + STARTING) for one in asked
    ]
    for batch, outcome in zip(batches, ask(tasks), strict=True):
        if isinstance(outcome, Answered):
            yield outcome.value
        elif len(batch) == 1 or time.monotonic() >= deadline:
            yield [None] * len(batch)
        else:
            half = len(batch) // 2
            first, second = _ask_all(screen, [batch[:half], batch[half:]], ask, deadline)
            yield [*first, *second] if len(first) == half else first
