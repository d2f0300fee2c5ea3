"""A fork server: it loads the cases once and forks a child for each task.

Run as a program by `gradcheck.workers.executor`, which speaks to it over standard input and output. It never
calls an op itself: a framework whose threads run could not be forked. Where it cannot fork it carries out one task
itself and ends.

What a child imports of libraries the server imports too, so that the next child has it: a twin in PyTorch alone
brings 500 modules at its first backward.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import BinaryIO

from gradcheck.plain import Malformed, dumps, from_plain, loads

from .crossing import outcome_line, read_setup, read_task
from .edited_import import Sources, own_modules
from .in_use import InUse
from .limits import CHUNK, SETTLED
from .mutant import carry_out
from .task import Outcome, Stop, Stopped, Task
from .worker import out_of_the_way


def main() -> None:
    """Read a Setup, answer whether its cases could be loaded, then answer tasks until the input ends."""
    questions, answers = _private_channels()
    setup = read_setup(questions.readline())
    sources, in_use, owner = Sources(), InUse.now(), os.getpid()
    sources.watch()
    try:
        cases = setup.load(setup.targets)
    except BaseException:  # noqa: BLE001 - the answer is what was raised
        _send(answers, outcome_line(Stopped(Stop.INVALID, traceback.format_exc()), last=True))
        return
    if os.getpid() != owner:  # a copy that the user's code has forked
        os._exit(1)
    _send(answers, outcome_line(None))
    learned = 0
    while line := questions.readline():
        task = read_task(line)
        # What need not be looked at in the child is not: it would copy every page that it reads a Python object of.
        forgotten = own_modules(task.path)
        work = partial(carry_out, setup, sources, cases, in_use, task, forgotten)
        if not may_fork():
            watchdog = threading.Timer(task.seconds, _give_up, [answers, task])
            watchdog.daemon = True
            watchdog.start()
            _send(answers, outcome_line(work(), last=True))
            os._exit(0)
        known = {*sys.modules} if learned < SETTLED else None
        gc.freeze()  # a collection would copy pages too
        answer, imported = _in_a_child(work, known, task, questions, answers)
        for name in imported:
            with suppress(Exception):
                import_module(name)
        learned = 0 if imported else learned + 1
        _send(answers, answer)


def may_fork() -> bool:
    """Whether this process may be copied: there is fork, it is the safe default of the system, and one thread runs."""
    if sys.platform != "linux":
        return False
    return len(os.listdir("/proc/self/task")) == 1


def _in_a_child(
    work: Callable[[], Outcome], known: set[str] | None, task: Task, questions: BinaryIO, answers: BinaryIO
) -> tuple[bytes, list[str]]:
    """Fork, wait for the answer no longer than the task may take, and leave no process behind.

    The answer is handed on as it is: whoever asked checks it. Also what the child imported of libraries beyond
    ``known``; nothing where that is None.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            writing = out_of_the_way(writing)
            for ours in (questions, answers):  # not for the user's code to read or write
                ours.close()
            outcome = work()
            own = set() if known is None else {*known, *own_modules(task.path)}
            news = [] if known is None else [name for name in sys.modules if name not in own]
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(outcome_line(outcome) + dumps(news))
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
        return outcome_line(_late(task)), []
    try:
        line, imported, rest = answer.split(b"\n")
        if rest:
            raise Malformed("more than an answer")
        return line + b"\n", from_plain(list[str], loads(imported))
    except ValueError:  # also Malformed
        code = os.waitstatus_to_exitcode(status)
        ended = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        why = Stop.CRASHED if code < 0 else Stop.EXITED
        return outcome_line(Stopped(why, f"its process ended by itself ({ended})")), []


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
        part = os.read(pipe, CHUNK)
        if not part:
            return b"".join(parts), False
        parts.append(part)


def _give_up(answers: BinaryIO, task: Task) -> None:
    _send(answers, outcome_line(_late(task), last=True))
    os._exit(0)


def _late(task: Task) -> Stopped:
    return Stopped(Stop.TIMEOUT, f"it took longer than {task.seconds:.3g} s")


def _kill(child: int) -> None:
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _private_channels() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone; whatever the user's code reads or prints goes nowhere."""
    questions = os.fdopen(out_of_the_way(os.dup(0)), "rb")
    answers = os.fdopen(out_of_the_way(os.dup(1)), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    return questions, answers


def _send(answers: BinaryIO, line: bytes) -> None:
    answers.write(line)
    answers.flush()
