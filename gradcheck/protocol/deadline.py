"""An end to calls that never return, and to questions that take too long altogether.

One alarm watches over a whole check; when it rings, a call of the user's code that has lasted too long is ended by an
exception inside it, and the alarm is set again, since that code may swallow the exception. That needs the main thread,
an operating system with alarms, and nobody else who uses them; elsewhere a call lasts as long as it lasts, and a
question ends between two calls.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Iterator, MutableSequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from types import FrameType

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from . import limits
from .numbers import is_number


class TookTooLong(BaseException):
    """Raised inside a call that took too long; no Exception, so that the user's own handlers let it pass."""


class OutOfTime(BaseException):
    """No call is made any more: the time of the question is over, or an earlier call of its op never returned."""


@dataclass
class Clock:
    """When the call that is running began (None between calls), and when the whole question ends.

    ``asked``: whether there is a question that calls belong to; ``hung``: whether one of its calls has been ended. An
    op that did not return once is not asked again: many calls of a minute each would add up to an hour. ``hangs``
    counts the calls that have been ended, of all questions.

    ``board`` holds the moment at which the call that is running has lasted too long, infinite between calls. A worker
    puts memory there that another process sees: a call that swallows the alarm, or runs in C, is ended from outside.
    """

    began: float | None = None
    ends: float = math.inf
    asked: bool = False
    hung: bool = False
    hangs: int = 0
    board: MutableSequence[float] = field(default_factory=lambda: [math.inf])

    def due(self, began: float) -> float:
        """The moment at which a call that began then has lasted too long."""
        return min(began + limits.SECONDS, self.ends)


clock = Clock()


@contextmanager
def limited(seconds: float = math.inf) -> Iterator[Clock]:
    """One question: calls are made for so many seconds, and until one of them does not return.

    Whoever asks catches OutOfTime, and finds in ``hung`` whether it was a single call that did not return.
    """
    before = clock.ends, clock.asked, clock.hung
    clock.ends, clock.asked, clock.hung = time.monotonic() + seconds, True, False
    try:
        yield clock
    finally:
        clock.ends, clock.asked, clock.hung = before


def one_question() -> AbstractContextManager[Clock]:
    """The question that is being asked, or a new one without an end."""
    return nullcontext(clock) if clock.asked else limited()


def check_seconds(seconds: float) -> float:
    """The time that somebody asked for; UsageError where that is none, or without an end."""
    if not is_number(seconds) or not 0 < seconds < math.inf:
        raise UsageError(f"the time-out is {repeated(seconds)}: a case needs a number of seconds, above 0 and finite")
    return float(seconds)


@contextmanager
def watched() -> Iterator[None]:
    """Watch over the calls that are made inside."""
    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not alarms or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGALRM, _ring)
    now = time.monotonic()
    _set(clock.due(now) - now)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _ring(_number: int, _frame: FrameType | None) -> None:
    now = time.monotonic()
    began = clock.began
    if began is None:
        _set(min(limits.SECONDS, limits.AGAIN) if now >= clock.ends else clock.due(now) - now)
        return
    if now < clock.due(began):
        _set(clock.due(began) - now)
        return
    _set(min(limits.SECONDS, limits.AGAIN))
    raise TookTooLong


def _set(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3))  # 0 would switch it off
