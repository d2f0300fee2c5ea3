"""Workers from the outside: forked from the clean process where the system can, else started one by one."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Protocol

from gradcheck.errors import UsageError

from .interpreter import Clean, start_alone, start_clean
from .limits import FAREWELL, GONE, READY
from .preloaded import FINISH, FORK, KILL, NUMBER, kill_group


class Launcher(Protocol):
    """Starts workers and ends them."""

    def launch(self, descriptors: Sequence[int], module: str) -> int:
        """Start a worker that has these descriptors and whose work this module holds; its process number."""

    def end(self, worker: int, *, at_once: bool) -> int | None:
        """End a worker with all that it has started; its status as of `os.waitpid`, None where nobody knows."""


@cache
def _launcher_of(process: int) -> Launcher:
    """One for each process that asks: what is forked from it must not share a socket with it."""
    return Forking() if sys.platform == "linux" else Starting()


def launcher() -> Launcher:
    """What starts the workers of this process; it is ended with it."""
    return _launcher_of(os.getpid())


class Forking:
    """Has the clean process fork them: a worker is there within milliseconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._used = False
        self._owner = os.getpid()
        atexit.register(self.close)

    def adopt(self, clean: Clean) -> None:
        """Use this clean process, which was started while nobody had come to asking yet."""
        self._process, self._control = clean

    def launch(self, descriptors: Sequence[int], module: str) -> int:
        """Start a worker that has these descriptors and whose work this module holds; its process number."""
        with self._lock:
            for _ in range(2):  # the clean process may have been ended, too
                control = self._connected()
                with suppress(OSError):
                    self._used = True
                    control.settimeout(READY)  # the user's code may stop its parent, which then never answers
                    socket.send_fds(control, [FORK], descriptors)
                    control.sendall(NUMBER.pack(len(module)) + module.encode())
                    answer = control.recv(NUMBER.size, socket.MSG_WAITALL)
                    if len(answer) == NUMBER.size:
                        return int(NUMBER.unpack(answer)[0])
                self._close()
        raise UsageError(
            "the process that cases are judged in could not be started: see why with `python -m gradcheck --version`, "
            "or judge them in this one, with --in-process"
        )

    def end(self, worker: int, *, at_once: bool) -> int | None:
        """End a worker with all that it has started; its status as of `os.waitpid`, None where nobody knows."""
        with self._lock:
            if self._control is not None:
                with suppress(OSError):
                    self._control.settimeout(GONE)
                    self._control.sendall((KILL if at_once else FINISH) + NUMBER.pack(worker))
                    answer = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
                    if len(answer) == NUMBER.size:
                        return int(NUMBER.unpack(answer)[0])
                self._close()
        kill_group(worker)
        return None

    def close(self) -> None:
        """End the clean process and every worker."""
        if os.getpid() == self._owner:
            with self._lock:
                self._close()

    def _connected(self) -> socket.socket:
        if self._control is None:
            self.adopt(start_clean())
        assert self._control is not None
        return self._control

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            if self._used:  # else it has no worker to end, and may not even have come to reading
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(FAREWELL)
            self._process.kill()
            self._process.wait()
            self._process = None


class Starting:
    """Starts each in an interpreter of its own, where a process had better not be forked."""

    def __init__(self) -> None:
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def launch(self, descriptors: Sequence[int], module: str) -> int:
        """Start a worker that has these descriptors, which imports the module itself; its process number."""
        process = start_alone("worker", *descriptors)
        self._processes[process.pid] = process
        return process.pid

    def end(self, worker: int, *, at_once: bool) -> int | None:
        """End a worker with all that it has started; its status as of `os.waitpid`, None where nobody knows."""
        process = self._processes.pop(worker)
        if not at_once:
            with suppress(subprocess.TimeoutExpired):
                process.wait(FAREWELL)
        kill_group(worker)
        code = process.wait()
        return -code if code < 0 else code << 8
