"""An end to calls that never return.

One alarm watches over a whole check; when it rings, a call of the user's code that has lasted too long is ended by an
exception inside it. That needs the main thread, an operating system with alarms, and nobody else who uses them;
elsewhere calls last as long as they last.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SECONDS = 60.0  # that one call of a forward or of a vjp may take


class TookTooLong(BaseException):
    """Raised inside a call that took too long; no Exception, so that the user's own handlers let it pass."""


@dataclass
class Clock:
    """When the call that is running began; None between calls."""

    began: float | None = None


clock = Clock()


@contextmanager
def watched() -> Iterator[None]:
    """Watch over the calls that are made inside."""
    alarms = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not alarms or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _ring(_number: int, _frame: FrameType | None) -> None:
    lasted = 0.0 if clock.began is None else time.monotonic() - clock.began
    if lasted >= SECONDS:
        raise TookTooLong
    signal.setitimer(signal.ITIMER_REAL, SECONDS - lasted)
