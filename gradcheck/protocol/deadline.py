"""An end to calls that never return, and to questions that take too long altogether.

One alarm watches over a whole check; when it rings, a call of the user's code that has lasted too long is ended by an
exception inside it, and the alarm is set again, since that code may swallow the exception. That needs the main thread,
an operating system with alarms, and nobody else who uses them; elsewhere a call lasts as long as it lasts, and a
question ends between two calls.

While the call imports something it is waited for, within limits: what an exception leaves half imported stays so for
all calls that follow, and fails in them as it never would by itself.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # without the enumerations that `signal` makes of every number
import math
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
    """When the call that is running has lasted too long, and when the whole question ends.

    ``asked``: whether there is a question that calls belong to; ``hung``: whether one of its calls has been ended. An
    op that did not return once is not asked again: many calls of a minute each would add up to an hour. ``hangs``
    counts the calls that have been ended, of all questions.

    ``board`` holds the moment at which the call that is running has lasted too long, infinite between calls. A worker
    puts memory there that another process sees: a call that swallows the alarm, or runs in C, is ended from outside.
    ``waited`` is how long it has been put off already for an import.
    """

    ends: float = math.inf
    asked: bool = False
    hung: bool = False
    hangs: int = 0
    waited: float = 0.0
    board: MutableSequence[float] = field(default_factory=lambda: [math.inf])

    def begin(self, now: float) -> None:
        """A call begins: raise OutOfTime where none is made any more, else note when it will have lasted too long."""
        if self.hung or now >= self.ends:
            raise OutOfTime
        self.board[0], self.waited = min(now + limits.SECONDS, self.ends), 0.0

    def wait_for_import(self, now: float) -> bool:
        """Put the end of the call off, until it has been for as long as it may; whether that could be done."""
        more = min(limits.AGAIN, limits.IMPORTING - self.waited)
        if more <= 0:
            return False
        self.board[0], self.waited = now + more, self.waited + more
        return True


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
    alarms = hasattr(_signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not alarms or _signal.getsignal(_signal.SIGALRM) is not _signal.SIG_DFL:
        yield
        return
    _signal.signal(_signal.SIGALRM, _ring)
    now = time.monotonic()
    _set(min(limits.SECONDS, clock.ends - now))
    try:
        yield
    finally:
        _signal.setitimer(_signal.ITIMER_REAL, 0.0)
        _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)


def _ring(_number: int, frame: FrameType | None) -> None:
    now, due = time.monotonic(), clock.board[0]
    if due == math.inf:  # between two calls
        _set(min(limits.SECONDS, limits.AGAIN if now >= clock.ends else clock.ends - now))
    elif now < due:
        _set(due - now)
    elif _imports(frame) and clock.wait_for_import(now):
        _set(clock.board[0] - now)
    else:
        _set(min(limits.SECONDS, limits.AGAIN))
        raise TookTooLong


def _imports(frame: FrameType | None) -> bool:
    """Whether the import system runs inside the call that is watched; who imported us is nobody's business."""
    while frame is not None and frame.f_globals.get("__name__") != f"{__package__}.calling":
        if frame.f_code.co_filename.startswith("<frozen importlib."):
            return True
        frame = frame.f_back
    return False


def _set(seconds: float) -> None:
    _signal.setitimer(_signal.ITIMER_REAL, max(seconds, 1e-3))  # 0 would switch it off
