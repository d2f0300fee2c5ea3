"""Workers of the gate: one a source, or several where there are fewer sources than workers; a fresh one where one fell.

Each runs in a thread of its own here, which asks it and waits for it. No code of the user's runs in this process.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

from gradcheck.errors import CaseFileError
from gradcheck.report import Verdict
from gradcheck.report.events import CaseName
from gradcheck.workers.asked import Ended, Worker
from gradcheck.workers.launcher import launcher
from gradcheck.workers.limits import GRACE
from gradcheck.workers.resources import available_memory
from gradcheck.workers.task import Stop
from gradcheck.workers.worker import Job

from .limits import LOADING, PHASES, WAITING
from .messages import ANSWERS, About, Asked, Judge, Judged


@dataclass(frozen=True)
class Source:
    """One file or module, and those of the targets that name it."""

    name: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a case: what a worker said, or a sentence in its place; and what was printed meanwhile."""

    judged: Judged
    seconds: float
    printed: str = ""


class Pool:
    """Workers for these sources, at most so many at a time that judge; all are gone when the context ends."""

    def __init__(self, asked: Asked, workers: int) -> None:
        self.asked = asked
        memory = available_memory()
        self.memory = None if memory is None else memory // workers
        self._lock = threading.Lock()
        self._all: set[Worker] = set()
        self._waiting: list[tuple[Source, Worker]] = []
        self._listed: dict[Source, tuple[tuple[CaseName, ...], ...]] = {}
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self, source: Source) -> tuple[tuple[CaseName, ...], ...]:
        """The cases of each of its targets; raises CaseFileError with one sentence. Its worker then waits."""
        worker, listed = self._start(source)
        with self._lock:
            self._listed.setdefault(source, listed)
        self._put_back(source, worker)
        return listed

    def judge(self, source: Source, place: int, first: Sequence[str], on_example: Callable[[], object]) -> Outcome:
        """Have a case judged by a worker that has loaded its source."""
        start = time.monotonic()
        try:
            worker = self._take(source)
        except CaseFileError as error:
            return Outcome(Judged(error=str(error)), time.monotonic() - start)
        worker.printed()
        worker.ask(Judge(place, tuple(first)))
        late = time.monotonic() + PHASES * max(self.asked.seconds, 1.0) + GRACE
        known: Judged | None = None
        while True:
            answer = worker.answer(max(late - time.monotonic(), 0.0))
            if isinstance(answer, Ended):
                judged = _as_far_as_known(known, answer)
                break
            if answer[0] == "judged":
                judged = answer[1]
                break
            if answer[0] == "wrong":
                known = answer[1]
            else:
                for _ in range(min(answer[1], self.asked.examples)):  # whatever a worker says
                    on_example()
        printed = worker.printed()
        if judged.fresh:
            self._discard(worker)
        else:
            self._put_back(source, worker)
        return Outcome(judged, time.monotonic() - start, printed)

    def stop(self) -> None:
        """Have every thread that waits for a worker return; to be called from another one."""
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.stop()

    def close(self) -> None:
        """End every worker that waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for _, worker in waiting:
            self._discard(worker)

    def _take(self, source: Source) -> Worker:
        with self._lock:
            for place, (other, worker) in enumerate(self._waiting):
                if other == source:
                    del self._waiting[place]
                    return worker
        worker, listed = self._start(source)
        if listed != self._listed[source]:
            self._discard(worker)
            raise CaseFileError(f"{source.name} holds other cases each time that it is imported")
        return worker

    def _put_back(self, source: Source, worker: Worker) -> None:
        with self._lock:
            self._waiting.append((source, worker))
            spare = self._waiting.pop(0)[1] if len(self._waiting) > WAITING else None
        if spare is not None:
            self._discard(spare)

    def _start(self, source: Source) -> tuple[Worker, tuple[tuple[CaseName, ...], ...]]:
        about = About(source.targets, self.asked)
        worker = start("gradcheck.gate.serving:judge_cases", about, ANSWERS, self.asked.seed, self.memory)
        with self._lock:
            self._all.add(worker)
            if self._closed:
                worker.stop()
        answer = worker.answer(max(LOADING, self.asked.seconds))
        if not isinstance(answer, Ended) and answer[0] == "cases":
            return worker, answer[1]
        printed = worker.printed()
        self._discard(worker)
        if not isinstance(answer, Ended):
            raise CaseFileError(answer[1])
        told = last_line(printed)
        raise CaseFileError(f"{source.name} could not be imported: its process {answer.message}{told}{advice(answer)}")

    def _discard(self, worker: Worker) -> None:
        worker.close()
        with self._lock:
            self._all.discard(worker)


def start(work: str, about: Any, answers: dict[str, Any], seed: int, memory: int | None) -> Worker:
    """A worker that runs where this process does: in its folder, with its path and environment."""
    path = tuple(folder for folder in sys.path if isinstance(folder, str))
    job = Job(work, about, os.getcwd(), path, dict(os.environ), memory, seed)
    return Worker(launcher(), job, answers)


def _as_far_as_known(known: Judged | None, ended: Ended) -> Judged:
    """What is left of a case whose process has ended: that it is wrong, where that was known."""
    if known is None or known.report is None or known.report.verdict is not Verdict.WRONG:
        return Judged(error=_sentence(ended), fresh=True)
    said = f"its process {ended.message} while the line and the cause were looked for, so neither is told"
    report = replace(known.report, remarks=(*known.report.remarks, said))
    return replace(known, report=report, fresh=True)


def _sentence(ended: Ended) -> str:
    return f"no verdict: its process {ended.message}{advice(ended)}"


def advice(ended: Ended) -> str:
    """What to do about it, behind the sentence that says how a process ended."""
    if ended.why is Stop.FAULT:
        return ""
    if ended.why is Stop.TIMEOUT:
        return ": find what does not return, or give it more time with --timeout"
    if ended.why is Stop.EXITED:
        return ": find what calls os._exit, or ends the process in C"
    return ": run it with --in-process under a debugger"


def last_line(printed: str) -> str:
    """The last line that was printed, as part of a sentence."""
    lines = [line for line in printed.splitlines() if line.strip()]
    return f', after it had printed "{lines[-1].strip()}"' if lines else ""
