"""What the user's code may change around it, put back after a check that runs in the caller's own process.

Snapshots are taken once a check, and cost some three hundredths of the smallest one. `attempt` puts back after each
call what would change how gradcheck itself computes meanwhile.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # without the enumerations that `signal` makes of every number
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from .generators import numpy_state, python_state

_HANDLED = tuple(
    getattr(_signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM", "SIGCHLD", "SIGPIPE", "SIGUSR1", "SIGUSR2")
    if hasattr(_signal, name)
)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put back at the end what the code that runs inside has changed and not put back itself.

    The working directory, NumPy's error handling, the recursion limit, trace and profile functions, the standard
    streams, the state of Python's and NumPy's own generators, signal handlers and the filters of warnings.
    """
    folder = _folder()
    errors = np.geterr()
    recursion, trace, profile = sys.getrecursionlimit(), sys.gettrace(), sys.getprofile()
    streams = sys.stdin, sys.stdout, sys.stderr
    put_python_back, put_numpy_back = python_state(), numpy_state()
    filters, show = warnings.filters[:], warnings.showwarning
    handlers = [_signal.getsignal(number) for number in _HANDLED]
    try:
        yield
    finally:
        if folder is not None and _folder() != folder:
            with suppress(OSError):
                os.chdir(folder)
        if np.geterr() != errors:
            np.seterr(**errors)
        put_back(recursion, trace)
        if sys.getprofile() is not profile:
            profile_by(profile)
        sys.stdin, sys.stdout, sys.stderr = streams
        put_python_back()
        put_numpy_back()
        if warnings.filters != filters:
            warnings.filters[:] = filters  # type: ignore[index]
            warnings._filters_mutated()  # type: ignore[attr-defined]  # as `catch_warnings` does
        warnings.showwarning = show
        if threading.current_thread() is threading.main_thread():
            _put_handlers_back(handlers)


def put_back(recursion: int, trace: Any) -> None:
    """The recursion limit and the trace function, where they are others by now."""
    if sys.getrecursionlimit() != recursion:
        sys.setrecursionlimit(recursion)
    if sys.gettrace() is not trace:
        sys.settrace(trace)


def profile_by(profiler: Any) -> None:
    """Let what `sys.getprofile` gave profile again; one written in C, as `cProfile` is, cannot be called."""
    if profiler is None or callable(profiler):
        sys.setprofile(profiler)
    else:
        sys.setprofile(None)
        profiler.enable()


def _folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # somebody has deleted it
        return None


def _put_handlers_back(handlers: list[Any]) -> None:
    for number, handler in zip(_HANDLED, handlers, strict=True):
        if handler is not None and _signal.getsignal(number) is not handler:
            with suppress(OSError, ValueError):
                _signal.signal(number, handler)
