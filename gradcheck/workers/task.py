"""What a fork server is asked, and what it answers. Everything here crosses a process border."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType
from typing import Any

from gradcheck.protocol import Case

Load = Callable[[Sequence[str]], list[Case]]


@dataclass(frozen=True)
class Setup:
    """What a fork server loads once: the cases that ``load(targets)`` finds, and the limits of its children.

    ``memory`` in bytes beyond what the fork server uses; ``folder`` is the only one that they may write in.
    """

    targets: tuple[str, ...]
    load: Load
    folder: str
    memory: int


@dataclass(frozen=True)
class Loaded:
    """The cases as they are, the same ones made of the edited source, and whether a function is of that source."""

    originals: list[Case]
    cases: list[Case]
    is_edited: Callable[[CodeType], bool]


@dataclass(frozen=True)
class Task:
    """Load the cases with ``text`` in the place of the file ``path`` and answer ``work(loaded)``.

    ``others`` are further files, each with its text. ``work`` is a function of a module, or a partial of one with named
    arguments. Its annotations say what these and its answer are, which cross as plain data; see `crossing`. It may take
    ``seconds``.
    """

    path: str
    text: str
    work: Callable[[Loaded], Any]
    seconds: float
    others: tuple[tuple[str, str], ...] = ()


class Stop(StrEnum):
    """Why a task has no answer."""

    INVALID = "invalid"  # the edited source does not compile, or cannot be imported
    REFUSED = "refused"  # the question was put wrongly, as where an op no longer follows the convention
    TIMEOUT = "timeout"
    MEMORY = "memory"
    EXITED = "exited"
    CRASHED = "crashed"
    FAULT = "fault"  # of gradcheck itself


@dataclass(frozen=True)
class Stopped:
    """A task that has no answer, with one sentence, after some seconds."""

    why: Stop
    message: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Answered:
    """What ``work`` returned, after some seconds."""

    value: Any
    seconds: float = 0.0


Outcome = Answered | Stopped
