"""One question to a worker of its own: its answer, or one sentence why there is none."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.workers.asked import Ended
from gradcheck.workers.resources import available_memory

from .pool import advice, last_line, start

REFUSED = "refused"
"""The answer of a worker to which the question was put wrongly: one sentence."""


def answers_of(
    work: str, about: Any, kinds: dict[str, Any], seconds: float, what: str, seed: int = 0
) -> Generator[tuple[str, Any], None, None]:
    """What a worker says, one answer after another; it may be silent for so many seconds.

    Raises UsageError with one sentence, about ``what``, where it refuses or where its process ends before it is done.
    """
    with start(work, about, {**kinds, REFUSED: str, "done": None}, seed, available_memory()) as worker:
        while True:
            answer = worker.answer(seconds)
            if isinstance(answer, Ended):
                told = last_line(worker.printed())
                raise UsageError(f"{what}: its process {answer.message}{told}{advice(answer)}")
            if answer[0] == REFUSED:
                raise UsageError(answer[1])
            if answer[0] == "done":
                return
            yield answer
