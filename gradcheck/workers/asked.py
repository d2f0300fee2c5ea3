"""A worker as whoever asks it sees it: questions, answers that are checked, and a sentence where it ends instead."""

from __future__ import annotations

import fcntl
import math
import mmap
import os
import selectors
import signal
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from gradcheck.plain import Malformed, dumps, from_plain, loads

from .launcher import Launcher
from .limits import CHUNK, GLANCE, LINE, OVERDUE, PRINTED, UNHEARD
from .task import Stop
from .worker import FAULT, UNCALLED, Job


@dataclass(frozen=True)
class Ended:
    """A worker that will not answer any more, and why, in words that follow "its process"."""

    why: Stop
    message: str


class Worker:
    """One worker. ``answers`` says which answers there may be, and of what type each is.

    Used by one thread at a time, but for `stop`. Whatever happens it is gone when the context ends, and all that it
    started in its own group with it.
    """

    def __init__(self, launcher: Launcher, job: Job, answers: Mapping[str, Any]) -> None:
        self._launcher = launcher
        self._kinds = answers
        self._lines: deque[bytes] = deque()
        self._partial = b""
        self._printed = b""
        self._ended: Ended | None = None
        self._stopped = False
        with tempfile.TemporaryFile() as page:
            page.truncate(mmap.PAGESIZE)
            # What is written to it as to a file goes behind the page: some write to every descriptor that there is.
            fcntl.fcntl(page, fcntl.F_SETFL, fcntl.fcntl(page, fcntl.F_GETFL) | os.O_APPEND)
            self._page = mmap.mmap(page.fileno(), mmap.PAGESIZE)
            self._board = memoryview(self._page).cast("d")
            self._board[0] = math.inf
            theirs, self._questions = os.pipe()
            self._answers, answering = os.pipe()
            self._output, printing = os.pipe()
            given = (theirs, answering, printing)
            try:
                self.number = launcher.launch((*given, page.fileno()), job.module)
            finally:
                for descriptor in given:
                    os.close(descriptor)
        self._open = {self._questions, self._answers, self._output}
        os.set_blocking(self._output, False)
        self._selector = selectors.DefaultSelector()
        for descriptor in (self._answers, self._output):
            self._selector.register(descriptor, selectors.EVENT_READ)
        self._key = os.urandom(8).hex()
        self.ask(replace(job, key=self._key))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = self._stopped or kind is not None
        self.close()

    def ask(self, question: Any) -> None:
        """Put a question; that nobody reads it any more is seen where an answer is waited for."""
        line = memoryview(dumps(question))
        with suppress(OSError):
            while line:
                line = line[os.write(self._questions, line) :]

    def answer(self, seconds: float) -> tuple[str, Any] | Ended:
        """The next answer: which one, and its value. Ended where there is none within so many seconds."""
        late = time.monotonic() + seconds
        while self._ended is None:
            if self._lines:
                return self._read(self._lines.popleft())
            now = time.monotonic()
            if self._stopped:
                self._end(Stop.CRASHED, "was ended by whoever asked")
            elif now >= late:
                self._end(Stop.TIMEOUT, f"had not answered within {seconds:.3g} s")
            elif now >= self._board[0] + OVERDUE:
                self._end(Stop.TIMEOUT, "had not returned from a call in time, nor could the call be ended")
            else:
                self._receive(min(late - now, GLANCE))
        return self._ended

    def printed(self) -> str:
        """What the user's code has printed since this was asked last: the end of it."""
        with suppress(BlockingIOError):
            while self._output in self._open and (part := os.read(self._output, CHUNK)):
                self._printed = (self._printed + part)[-PRINTED:]
        printed, self._printed = self._printed, b""
        return printed.decode(errors="backslashreplace")

    def stop(self) -> None:
        """From another thread: wait for no answer any more."""
        self._stopped = True

    def close(self) -> None:
        """End it, after what it has to do at its end where it is well."""
        if self._ended is None:
            self._ended = Ended(Stop.EXITED, "was asked to end")
            self._let_go(self._questions)
            self._finish(at_once=self._stopped)

    def _read(self, line: bytes) -> tuple[str, Any] | Ended:
        try:
            key, name, value = from_plain(tuple[str, str, Any], loads(line))
            if key != self._key:
                raise Malformed("it is none of gradcheck's")
            if name == UNCALLED:
                return self._end(Stop.FAULT, f"cannot go on: {value}")
            if name == FAULT:
                return self._end(Stop.FAULT, f"met a fault in gradcheck itself:\n{value}")
            if name not in self._kinds:
                raise Malformed(f"an answer called {name!r}")
            kind = self._kinds[name]
            return name, None if kind is None else from_plain(kind, value)
        except Malformed as error:
            return self._end(Stop.FAULT, f"gave an answer that nobody can read ({error}): find what writes to it")

    def _receive(self, seconds: float) -> None:
        ready = {key.fd for key, _ in self._selector.select(seconds)}
        if self._output in ready:
            self._print()
        if self._answers not in ready:
            return
        part = os.read(self._answers, CHUNK)
        *lines, self._partial = (self._partial + part).split(b"\n")
        self._lines += lines
        if not part:
            self._has_died()
        elif len(self._partial) > LINE:
            self._end(Stop.FAULT, "gave an answer without an end")

    def _print(self) -> None:
        with suppress(BlockingIOError):
            part = os.read(self._output, CHUNK)
            self._printed = (self._printed + part)[-PRINTED:]
            if not part:
                self._selector.unregister(self._output)

    def _has_died(self) -> None:
        status = self._finish(at_once=False)
        code = None if status is None else os.waitstatus_to_exitcode(status)
        if code is None:
            self._ended = Ended(Stop.CRASHED, "was ended from outside")
        elif code == UNHEARD:
            what = (
                "could not answer: find what closes or replaces a descriptor, or a part of Python, that is not its own"
            )
            self._ended = Ended(Stop.FAULT, what)
        elif code < 0:
            self._ended = Ended(Stop.CRASHED, f"was ended by {_name(-code)}")
        else:
            self._ended = Ended(Stop.EXITED, f"ended by itself with exit code {code}")

    def _end(self, why: Stop, message: str) -> Ended:
        self._finish(at_once=True)
        self._ended = Ended(why, message)
        return self._ended

    def _finish(self, *, at_once: bool) -> int | None:
        """End it, keep what it has printed, and let go of everything that it was asked through."""
        status = self._launcher.end(self.number, at_once=at_once)
        self._printed = self.printed().encode(errors="backslashreplace")
        self._selector.close()
        for descriptor in tuple(self._open):
            self._let_go(descriptor)
        self._board.release()
        self._page.close()
        return status

    def _let_go(self, descriptor: int) -> None:
        """Close it once: its number may be somebody else's right afterwards."""
        self._open.discard(descriptor)
        os.close(descriptor)


_MEANINGS = {
    signal.SIGSEGV: "it reached for memory that is not its own",
    signal.SIGBUS: "it reached for memory that is not there",
    signal.SIGABRT: "something in it called abort()",
    signal.SIGFPE: "it divided whole numbers by zero",
    signal.SIGILL: "it ran an instruction that this processor does not have",
    signal.SIGKILL: "as the system does where memory runs out, or the processor's seconds that it may have",
    signal.SIGXCPU: "it had used the processor's seconds that it may have",
    signal.SIGXFSZ: "it wrote a larger file than it may",
    signal.SIGALRM: "its time was over, and nothing in it heeds that any more",
}


def _name(number: int) -> str:
    try:
        found = signal.Signals(number)
    except ValueError:
        return f"signal {number}"
    meaning = _MEANINGS.get(found)
    return found.name + (f" ({meaning})" if meaning else "")
