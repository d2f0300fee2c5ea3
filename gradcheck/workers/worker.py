"""A worker: the process in which the user's code runs, from its first line to its end.

It has four descriptors: what it is asked, what it answers, where all that the user's code prints goes, and a page of
memory on which it says until when the call that is running may last.
"""

from __future__ import annotations

import atexit
import fcntl
import mmap
import os
import random
import sys
import traceback
from collections.abc import Mapping, MutableSequence, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn, cast

from gradcheck.plain import from_plain, loads

from .channel import Channel
from .in_use import clean
from .limits import OUT_OF_THE_WAY, UNHEARD
from .resources import limit_resources
from .uncalled import uncalled

DESCRIPTORS = 4
FAULT, UNCALLED = "fault", "uncalled"
"""The answers of a worker in which gradcheck itself has failed, with the traceback, and of one in which it could not go
on since the user's code raises where nobody has called it."""


@dataclass(frozen=True)
class Job:
    """What a worker is for: ``work`` is a function, ``package.module:name``, that is given the channel and ``about``.

    The rest is where it runs: the folder, the path of imports and the environment of whoever asks, how many bytes it
    may have, the seed of Python's and of NumPy's own generators, and the word that whoever asks knows its answers by.
    """

    work: str
    about: Any
    folder: str
    path: tuple[str, ...]
    environment: Mapping[str, str]
    memory: int | None
    seed: int
    key: str = ""

    @property
    def module(self) -> str:
        """The module that holds the work."""
        return self.work.partition(":")[0]


def begin(descriptors: Sequence[int]) -> NoReturn:
    """Be a worker, with these descriptors, until the questions end; never return."""
    code = 1
    try:
        with suppress(PermissionError):  # where it was started, not forked, it has a session of its own already
            os.setsid()
        questions, answers, board = (out_of_the_way(one) for one in (descriptors[0], descriptors[1], descriptors[3]))
        _print_into(descriptors[2])
        reader = os.fdopen(questions, "rb")
        job = from_plain(Job, loads(reader.readline()))
        channel = Channel(reader, os.fdopen(answers, "wb"), clean(), job.key)
        try:
            if is_own(job.module):  # with all that it imports, of which the user may have a namesake
                import_module(job.module)
            _settle(job, board)
            getattr(import_module(job.module), job.work.rpartition(":")[2])(channel, job.about)
            code = 0 if channel.is_whole() else UNHEARD
        except BaseException as error:  # noqa: BLE001 - a fault of gradcheck must not look like a verdict
            code = UNHEARD
            said = uncalled(error)
            channel.send(*((FAULT, traceback.format_exc()) if said is None else (UNCALLED, said)))
            code = 1
    finally:
        _leave(code)


def is_own(module: str) -> bool:
    """Whether a module is one of gradcheck's."""
    return module.startswith("gradcheck.")


def out_of_the_way(descriptor: int) -> int:
    """The same under a high number: those who close descriptors by number begin at 3."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, OUT_OF_THE_WAY)
    os.close(descriptor)
    return moved


def _print_into(output: int) -> None:
    """Nothing to read; what is printed, by whatever means, goes to one descriptor."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for standard, target in ((0, nothing), (1, output), (2, output)):
        os.dup2(target, standard)
    for descriptor in (nothing, output):
        if descriptor > 2:
            os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lives
    sys.stdout, sys.stderr = (
        open(number, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
        for number in (1, 2)
    )


class Printed:
    """The standard streams as they were when this was made."""

    def __init__(self) -> None:
        self._streams = sys.stdout, sys.stderr
        self._places = self._look()

    def flush(self) -> bool:
        """Hand on what is held back; whether both still lead where they did, for whoever prints next."""
        try:
            for stream in self._streams:
                stream.flush()
            return (sys.stdout, sys.stderr) == self._streams and self._look() == self._places
        except (OSError, ValueError):  # closed by whoever ran here
            return False

    def _look(self) -> list[tuple[int, int]]:
        return [(status.st_dev, status.st_ino) for status in map(os.fstat, (1, 2))]


class _Leaving(list[float]):
    """The page of a copy that the user's code has forked: it ends where its call returns, as `attempt` writes there.

    Else it would go on to judge, and to fork, as the worker does.
    """

    def __setitem__(self, *_: object) -> NoReturn:
        os._exit(1)


def _settle(job: Job, board: int) -> None:
    """Take over folder, path, environment, limits and seed of whoever asks."""
    import faulthandler

    import numpy as np

    from gradcheck.protocol.deadline import clock

    os.chdir(job.folder)
    os.environ.clear()
    os.environ.update(job.environment)
    sys.path[:] = job.path
    os.register_at_fork(after_in_child=lambda: setattr(clock, "board", _Leaving()))
    clock.board = cast(MutableSequence[float], memoryview(mmap.mmap(board, mmap.PAGESIZE)).cast("d"))
    limit_resources(job.memory)
    random.seed(job.seed)
    np.random.seed(job.seed % 2**32)
    faulthandler.enable(sys.stderr)


def _leave(code: int) -> NoReturn:
    """End, after what the user's code wants done at the end; whoever asks waits for that no longer than it likes."""
    with suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BaseException):
            stream.flush()
    os._exit(code)
