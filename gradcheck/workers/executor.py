"""Fork servers from the outside: started, asked, replaced when they die, and ended with whoever started them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import TracebackType

from gradcheck.plain import Malformed

from .crossing import read_outcome, setup_line, task_line
from .interpreter import start
from .limits import AHEAD, GRACE, LINE, LOADING, MEMORY
from .task import Load, Outcome, Setup, Stop, Stopped, Task


class ForkServer:
    """One process that loads the cases once and answers tasks, each in a process of its own."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._starting = threading.Lock()  # close() comes from another thread than ask()

    def ask(self, task: Task) -> Outcome:
        """The outcome of a task; one that has died is started anew first."""
        process = self._process
        if process is None or process.poll() is not None:
            started = self._start()
            if started is not None:
                return started
        start = time.monotonic()
        answer = self._exchange(task_line(task), task.work, task.seconds + GRACE)
        return replace(answer, seconds=time.monotonic() - start)

    def close(self) -> None:
        """End the process and every child of it, for good."""
        with self._starting:
            self._closed = True
            self._end()

    def __enter__(self) -> ForkServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> Stopped | None:
        """A fresh process with the cases loaded; what went wrong where they cannot be."""
        with self._starting:
            if self._closed:
                return Stopped(Stop.CRASHED, "its fork server was closed")
            self._end()
            self._process = start(
                "tasks",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                process_group=0,  # Ctrl-C reaches the one who asks, who ends the group; the session is the worker's
            )
        answer = self._exchange(setup_line(self.setup), None, LOADING)
        return answer if isinstance(answer, Stopped) else None

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError, ValueError):
                    pipe.close()

    def _exchange(self, question: bytes, work: Callable[..., object] | None, seconds: float) -> Outcome:
        """Send and receive; a Stopped where the process died, was killed for lateness, or says what is no answer."""
        process = self._process
        if process is None:
            return Stopped(Stop.CRASHED, "its fork server was closed")
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(question)
            process.stdin.flush()
            line = process.stdout.readline(LINE)
        except (OSError, ValueError):  # it has died, or somebody has closed it
            line = b""
        finally:
            timer.cancel()
        if late.is_set():
            return Stopped(Stop.TIMEOUT, f"it took longer than {seconds:.3g} s")
        if not line:
            return Stopped(Stop.CRASHED, f"its process ended by itself (exit code {process.wait()})")
        try:
            answer, last = read_outcome(line, work)
        except Malformed as error:
            _kill(process)  # whoever wrote that may have written more
            answer, last = Stopped(Stop.FAULT, f"it gave an answer that nobody can read: {error}"), True
        if last:
            process.wait()
        return answer


@contextmanager
def contained(targets: Sequence[str], load: Load, jobs: int) -> Iterator[Callable[[Iterable[Task]], Iterator[Outcome]]]:
    """A function that answers tasks in their order, ``jobs`` of them at a time, each in a process of its own.

    Every process is gone when the context ends, however it ends.
    """
    started: list[ForkServer] = []
    mine = threading.local()

    with tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder:
        setup = Setup(tuple(targets), load, folder, MEMORY)

        def begin() -> None:
            mine.server = ForkServer(setup)
            started.append(mine.server)

        def answer(task: Task) -> Outcome:
            server: ForkServer = mine.server
            return server.ask(task)

        def ask(tasks: Iterable[Task]) -> Iterator[Outcome]:
            waiting: deque[Future[Outcome]] = deque()
            for task in tasks:
                waiting.append(executor.submit(answer, task))
                if len(waiting) >= AHEAD * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

        executor = ThreadPoolExecutor(jobs, thread_name_prefix="fork-server", initializer=begin)
        try:
            yield ask
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            for server in started:
                server.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and, where there are process groups, all its children."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        process.kill()
