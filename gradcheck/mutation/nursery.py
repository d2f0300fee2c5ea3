"""The process that mutants are born in: it loads the cases once and forks a child for each mutant.

Run as a program by `gradcheck.mutation.pool`, which speaks to it in pickles over standard input and output. It never
calls an op itself: a framework whose threads run could not be forked. Where it cannot fork it carries out one task
itself and ends.

What a child imports of libraries the nursery imports too, so that the next child has it: a twin in PyTorch alone
brings 500 modules at its first backward.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from gradcheck.protocol import Case

from .child import carry_out
from .override import own_modules
from .task import Outcome, Setup, Stop, Stopped, Task

_CHUNK = 1 << 16


def main() -> None:
    """Read a Setup, answer whether its cases could be loaded, then answer tasks until the input ends."""
    questions, answers = _private_channels()
    setup: Setup = pickle.load(questions)
    try:
        cases = setup.load(setup.targets)
    except BaseException:  # noqa: BLE001 - the answer is what was raised
        _send(answers, Stopped(Stop.INVALID, traceback.format_exc()))
        return
    own_modules()  # whose every module is, known before a fork
    _send(answers, None)
    while True:
        try:
            task: Task = pickle.load(questions)
        except EOFError:
            return
        if not may_fork():
            _send(answers, carry_out(setup, cases, task))
            return
        outcome, imported = _in_a_child(setup, cases, task, questions)
        for name in imported:
            with suppress(Exception):
                import_module(name)
        _send(answers, outcome)


def may_fork() -> bool:
    """Whether this process may be copied: there is fork, it is the safe default of the system, and one thread runs."""
    if sys.platform != "linux":
        return False
    return len(os.listdir("/proc/self/task")) == 1


def _in_a_child(setup: Setup, cases: list[Case], task: Task, questions: BinaryIO) -> tuple[Outcome, list[str]]:
    """Fork, wait for the answer no longer than the task may take, and leave no process behind."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            known = set(sys.modules)
            outcome = carry_out(setup, cases, task)
            own = own_modules(task.path)
            imported = [name for name in sys.modules if name not in known and name not in own]
            answer = pickle.dumps((outcome, imported))
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)
    os.close(writing)
    try:
        answer, late = _read(reading, questions, time.monotonic() + task.seconds)
    finally:
        os.close(reading)
        _kill(child)
        _, status = os.waitpid(child, 0)
    if late:
        return Stopped(Stop.TIMEOUT, f"it took longer than {task.seconds:.3g} s"), []
    try:
        found: tuple[Outcome, list[str]] = pickle.loads(answer)
    except (EOFError, pickle.UnpicklingError):
        code = os.waitstatus_to_exitcode(status)
        ended = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return Stopped(Stop.CRASHED if code < 0 else Stop.EXITED, f"its process ended by itself ({ended})"), []
    return found


def _read(pipe: int, questions: BinaryIO, deadline: float) -> tuple[bytes, bool]:
    """What the child writes until it closes the pipe, and whether it was too late; end with whoever asked."""
    parts: list[bytes] = []
    while True:
        left = deadline - time.monotonic()
        ready, _, _ = select.select([pipe, questions.fileno()], [], [], max(left, 0.0))
        if questions.fileno() in ready:  # nothing is asked before the answer: the input has ended
            raise SystemExit
        if not ready:
            return b"".join(parts), True
        part = os.read(pipe, _CHUNK)
        if not part:
            return b"".join(parts), False
        parts.append(part)


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _private_channels() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone; whatever the user's code reads or prints goes nowhere."""
    questions = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return questions, answers


def _send(answers: BinaryIO, value: Any) -> None:
    answers.write(pickle.dumps(value))
    answers.flush()
