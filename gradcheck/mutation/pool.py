"""Nurseries from the outside: started, asked, replaced when they die, and ended with whoever started them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import TracebackType
from typing import Any

from .task import Load, Outcome, Setup, Stop, Stopped, Task

MEMORY = 2 << 30  # bytes that a mutant may use beyond what its nursery does

_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from gradcheck.mutation.nursery import main; main()"
_LOADING = 300.0  # seconds in which the cases must be loaded
_GRACE = 10.0  # seconds beyond its own limit after which a nursery is taken for dead
# One thread each: there is a process per core already, and a process with threads cannot be forked. A fixed order of
# sets and dicts keyed by strings, so that a seed gives the same answers in every nursery.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class Nursery:
    """One process that loads the cases once and answers tasks, each in a process of its own."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, task: Task) -> Outcome:
        """The outcome of a task; a nursery that has died is started anew first."""
        process = self._process
        if process is None or process.poll() is not None:
            started = self._start()
            if started is not None:
                return started
        start = time.monotonic()
        answer: Outcome | None = self._exchange(task, task.seconds + _GRACE)
        if answer is None:
            answer = Stopped(Stop.TIMEOUT, f"it took longer than {task.seconds:.3g} s")
        return replace(answer, seconds=time.monotonic() - start)

    def close(self) -> None:
        """End the process and every child of it."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> Stopped | None:
        """A fresh process with the cases loaded; what went wrong where they cannot be."""
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOT, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
            start_new_session=True,  # Ctrl-C reaches the one who asks, who ends the group
        )
        answer: Stopped | None = self._exchange(self.setup, _LOADING, ready=True)
        if answer is not None:
            self.close()
        return answer

    def _exchange(self, question: Any, seconds: float, *, ready: bool = False) -> Any:
        """Send and receive; a Stopped where the process died, None where it was killed for lateness."""
        process = self._process
        assert process is not None
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
            process.stdin.write(pickle.dumps(question))
            process.stdin.flush()
            return pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            if late.is_set() and not ready:
                return None
            code = process.wait()
            return Stopped(Stop.CRASHED, f"its process ended by itself (exit code {code})")
        finally:
            timer.cancel()


@contextmanager
def nurseries(targets: Sequence[str], load: Load, jobs: int) -> Iterator[Callable[[Sequence[Task]], Iterator[Outcome]]]:
    """A function that answers tasks in their order, ``jobs`` of them at a time, each in a process of its own.

    Every process is gone when the context ends, however it ends.
    """
    started: list[Nursery] = []
    mine = threading.local()

    with tempfile.TemporaryDirectory(prefix="gradcheck-", ignore_cleanup_errors=True) as folder:
        setup = Setup(tuple(targets), load, folder, MEMORY)

        def begin() -> None:
            mine.nursery = Nursery(setup)
            started.append(mine.nursery)

        def answer(task: Task) -> Outcome:
            nursery: Nursery = mine.nursery
            return nursery.ask(task)

        executor = ThreadPoolExecutor(jobs, thread_name_prefix="nursery", initializer=begin)
        try:
            yield lambda tasks: executor.map(answer, tasks)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            for nursery in started:
                nursery.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The process and, where there are process groups, all its children."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        process.kill()
