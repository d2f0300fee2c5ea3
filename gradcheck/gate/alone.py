"""One worker that is asked one thing: what it answers, or one sentence why it does not; or the same in this process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from gradcheck.errors import UsageError, WorkerFault
from gradcheck.plain import to_plain
from gradcheck.workers.asked import Ended
from gradcheck.workers.channel import Channel
from gradcheck.workers.in_use import InUse
from gradcheck.workers.resources import available_memory
from gradcheck.workers.task import Stop

from .pool import advice, last_line, start

REFUSED, DONE = "refused", "done"
"""What every such worker answers beside its own: the sentence of a question put wrongly, and that there is no more."""


@dataclass
class Patience:
    """How many seconds a worker may be silent; it may become longer when more is known."""

    seconds: float


def answers_of(
    work: str, about: Any, kinds: dict[str, Any], patience: Patience, what: str, seed: int = 0
) -> Generator[tuple[str, Any], None, None]:
    """What a worker says, one answer after another.

    Raises UsageError with one sentence, which begins with ``what``, where it refuses or where its process ends before
    it is done; WorkerFault where gradcheck itself fails in it.
    """
    with start(work, about, {**kinds, REFUSED: str, DONE: None}, seed, available_memory()) as worker:
        while True:
            answer = worker.answer(patience.seconds)
            if isinstance(answer, Ended) and answer.why is Stop.FAULT:
                raise WorkerFault(f"{what} has no answer: its process {answer.message}")
            if isinstance(answer, Ended):
                told = last_line(worker.printed())
                raise UsageError(f"{what} has no answer: its process {answer.message}{told}{advice(answer)}")
            if answer[0] == REFUSED:
                raise UsageError(answer[1])
            if answer[0] == DONE:
                return
            yield answer


def answering(channel: Channel, work: Callable[[], None]) -> None:
    """Be such a worker: do the work, say what refuses it, and at the end that there is no more."""
    try:
        work()
    except UsageError as error:
        channel.send(REFUSED, str(error))
    except KeyboardInterrupt:
        if isinstance(channel, _Here):
            raise
        channel.send(
            REFUSED, "there is no answer: the code of a case raises KeyboardInterrupt"
        )  # Ctrl-C comes not here
    channel.send(DONE)


class _Here(Channel):
    """What such a worker answers through where it runs in this process: ``take`` is given each answer."""

    def __init__(self, take: Callable[[str, Any], object]) -> None:
        self.in_use = InUse.now()
        self.take = take

    def send(self, kind: str, value: Any = None) -> None:
        """Answer."""
        if kind == REFUSED:
            raise UsageError(value)
        if kind != DONE:
            self.take(kind, value)


def answer_here(work: Callable[[Channel, Any], None], about: Any, take: Callable[[str, Any], object]) -> None:
    """Have the work done in this process, for a debugger: nothing ends it; raises UsageError where it refuses."""
    folder = tempfile.tempdir
    try:
        work(_Here(take), to_plain(about))
    finally:
        tempfile.tempdir = folder
