"""Another process that answers questions over its standard input and output, and is gone when nobody needs it.

It runs in a group of its own, with whatever it starts; what it says on standard error is kept for the report.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any, TypeVar

from gradcheck.errors import ConventionError

from .limits import ENDING, PIPE, SAID

Answer = TypeVar("Answer")


class Late(Exception):
    """No answer came in time."""


class Served:
    """A process that is started when it is first asked, and again where it has ended.

    It is ended with the interpreter, or when nobody holds this object any more; ``begin`` is asked of each new one.
    """

    def __init__(
        self, command: Sequence[str], seconds: float, begin: Callable[[Running], object] = lambda running: None
    ) -> None:
        self.command, self.seconds, self.begin = command, seconds, begin
        self._running: Running | None = None
        self._end: Callable[[], object] = lambda: None

    def ask(self, name: str, question: Callable[[Running], Answer]) -> Answer:
        """What a question, which sends and receives, makes of the answer; ``name`` is who does not give one."""
        try:
            if self._running is None or not self._running.usable:
                self._end()
                self._running = Running(self.command, name)
                self._end = weakref.finalize(self, self._running.end)
                self._running.deadline = time.monotonic() + self.seconds
                self.begin(self._running)
            self._running.deadline = time.monotonic() + self.seconds
            return question(self._running)
        except Late:
            self._end()
            raise TimeoutError(f"{name} gave no answer within {self.seconds:g} s") from None
        except (EOFError, BrokenPipeError):
            how = self._running.how_it_ended() if self._running else ""
            self._end()
            raise ChildProcessError(f"{name} {how}") from None
        except BaseException:  # half an answer may be left: also where the time of the whole question is over
            self._end()
            raise


class Running:
    """One process: what is sent to it and received from it until the ``deadline``."""

    def __init__(self, command: Sequence[str], name: str) -> None:
        self.owner, self.deadline = os.getpid(), 0.0
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, start_new_session=True
            )
        except OSError as error:
            self.said.close()
            raise ConventionError(f"{name} cannot be started: {error.strerror or error}") from error
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.pipes = self.process.stdin, self.process.stdout
        self._rest = b""

    @property
    def usable(self) -> bool:
        """Whether it runs, and belongs to this process: one that was forked has no say over it."""
        return self.owner == os.getpid() and not self.said.closed and self.process.poll() is None

    def send(self, data: bytes) -> None:
        """Write all of it."""
        out = self.pipes[0].fileno()
        for start in range(0, len(data), PIPE):
            self._wait(out, writing=True)
            part = data[start : start + PIPE]
            while part:
                part = part[os.write(out, part) :]

    def receive(self, count: int) -> bytes:
        """Read so many bytes; EOFError where there are fewer."""
        parts = [self._rest]
        missing = count - len(self._rest)
        while missing > 0:
            parts.append(self._read())
            missing -= len(parts[-1])
        whole = b"".join(parts)
        self._rest = whole[count:]
        return whole[:count]

    def receive_line(self, most: int) -> bytes:
        """Read to the end of a line, of at most so many bytes; EOFError where the end comes first."""
        while b"\n" not in self._rest and len(self._rest) < most:
            self._rest += self._read()
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def how_it_ended(self) -> str:
        """Wait for its end, which is near, and say how it came."""
        try:
            return ended(self.process.wait(ENDING), self.said)
        except subprocess.TimeoutExpired:
            return f"closed its standard input or output and gave no answer{_last(self.said)}"

    def end(self) -> None:
        """Leave nothing of it behind."""
        if self.owner != os.getpid():
            return
        kill_group(self.process)
        self.process.wait()
        for pipe in (*self.pipes, self.said):
            with suppress(OSError):
                pipe.close()

    def _read(self) -> bytes:
        fd = self.pipes[1].fileno()
        self._wait(fd)
        part = os.read(fd, PIPE)
        if not part:
            raise EOFError
        return part

    def _wait(self, fd: int, *, writing: bool = False) -> None:
        if os.name == "nt":  # where pipes cannot be waited for, a call lasts as long as it lasts
            return
        left = max(self.deadline - time.monotonic(), 0.0)
        if not any(select.select([] if writing else [fd], [fd] if writing else [], [], left)):
            raise Late


def ended(code: int, said: IO[bytes]) -> str:
    """How a process ended, and the last that it said: ``crashed (SIGSEGV)``."""
    if code >= 0:
        return f"ended with exit code {code}{_last(said)}"
    known = -code in set(signal.Signals)
    return f"crashed ({signal.Signals(-code).name if known else f'signal {-code}'}){_last(said)}"


def _last(said: IO[bytes]) -> str:
    """The end of what a process said on standard error, on one line."""
    size = said.seek(0, os.SEEK_END)
    said.seek(max(size - SAID, 0))
    last = " ".join(said.read().decode(errors="replace").split())
    return f"; its standard error ends: {last}" if last else ""


def kill_group(process: subprocess.Popen[Any]) -> None:
    """End a process and, where there are process groups, all that it has started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()
