"""The clean process from which workers are forked: all of gradcheck is imported, and no code of the user's ever runs.

Run as a program by `gradcheck.workers.launcher`, which asks over one socket: fork a worker that has these descriptors
and whose work this module holds, or end that worker and say how it ended. When nobody is left to ask, it ends its
workers and itself.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from .in_use import clean
from .limits import FAREWELL, LOOK
from .worker import DESCRIPTORS, begin, is_own

FORK, FINISH, KILL = b"F", b"W", b"K"
NUMBER = struct.Struct("=q")
"""How a process number and an exit status cross the socket."""
_SET_CHILD_SUBREAPER = 36
"""The number of that request in `linux/prctl.h`."""


def main(control: socket.socket) -> None:
    """Answer until the other end is closed."""
    workers: set[int] = set()
    _adopt_orphans()
    clean()
    gc.freeze()  # a collection in a worker would copy every page that holds an object
    try:
        while True:
            command, descriptors, _, _ = socket.recv_fds(control, 1, DESCRIPTORS)
            if command == FORK:
                _import_once(_received(control).decode())
                workers.add(worker := _fork(control, descriptors))
                control.sendall(NUMBER.pack(worker))
            elif command in (FINISH, KILL):
                worker = _number(control)
                control.sendall(NUMBER.pack(end(worker, FAREWELL if command == FINISH else 0.0)))
                workers.discard(worker)
                _reap(workers)
            else:
                return
    finally:
        for worker in workers:
            kill_group(worker)
        while orphans := _children():
            for orphan in orphans:
                kill_group(orphan)
                _wait(orphan)


def _number(control: socket.socket) -> int:
    return int(NUMBER.unpack(control.recv(NUMBER.size, socket.MSG_WAITALL))[0])


def _received(control: socket.socket) -> bytes:
    return control.recv(_number(control), socket.MSG_WAITALL)


def _import_once(module: str) -> None:
    """Import a module of ours here, so that all workers with its work have it: what edits takes 0.3 s.

    Where it cannot be imported the worker says why.
    """
    if is_own(module) and module not in sys.modules:
        with suppress(Exception):
            import_module(module)
            gc.freeze()


def _adopt_orphans() -> None:
    """From now on what a worker leaves behind in a session of its own is a child of this process, where Linux can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap(workers: Collection[int]) -> None:
    """Let go of orphans that have ended; a worker that has is waited for by whoever asks how."""
    for child, state in _children().items():
        if state == "Z" and child not in workers:
            _wait(child)


def _wait(child: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(child, 0)


def _children() -> dict[int, str]:
    """The children of this process, each with its state."""
    return {number: state for number, (state, parent, *_) in _processes() if parent == str(os.getpid())}


def _processes() -> Iterator[tuple[int, list[str]]]:
    """All that there are: the number of each, and its state, parent, group, session and so on."""
    for name in os.listdir("/proc"):
        with suppress(OSError, ValueError):
            yield int(name), Path("/proc", name, "stat").read_text().rpartition(")")[2].split()


def _fork(control: socket.socket, descriptors: Sequence[int]) -> int:
    worker = os.fork()
    if worker == 0:
        control.close()
        begin(descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    return worker


def end(worker: int, patience: float) -> int:
    """Wait for a child so many seconds, end it and what it has started, and return its status as `os.waitpid` gives it.

    Its group is ended before its number is given back, while nobody else can have it.
    """
    late = time.monotonic() + patience
    while time.monotonic() < late and not _has_ended(worker):
        time.sleep(LOOK)
    kill_group(worker)
    others = _session_of(worker)
    for other in others:
        kill_group(other)
    _, status = os.waitpid(worker, 0)
    for other in others:  # orphans now, which this process has adopted
        _wait(other)
    return status


def _has_ended(worker: int) -> bool:
    return os.waitid(os.P_PID, worker, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None


def _session_of(worker: int) -> list[int]:
    """The processes of its session that have groups of their own, such as those that a proof judges mutants in."""
    return [number for number, fields in _processes() if fields[3] == str(worker) and number != worker]


def kill_group(worker: int) -> None:
    """A worker, and all that it has started in its own group."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            kill(worker, signal.SIGKILL)
