"""Tasks and outcomes as lines of JSON, as they cross between whoever asks, a fork server and its children.

Both of the latter run the user's code: what they say is data that is checked, and nothing of it is ever unpickled. What
a task asks is a function, by its name, with arguments that its annotations describe; so do they describe the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from typing import Any, get_type_hints

from gradcheck.plain import Malformed, dumps, from_plain, loads

from .task import Answered, Outcome, Setup, Stopped, Task


@dataclass(frozen=True)
class _Question:
    """A task whose function is ``package.module:name``."""

    path: str
    text: str
    work: str
    arguments: dict[str, Any]
    seconds: float
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Start:
    """A setup whose function is ``package.module:name``."""

    targets: tuple[str, ...]
    load: str
    folder: str
    memory: int


@dataclass(frozen=True)
class _Answer:
    """A value or why there is none; ``last``: the process ends with it."""

    value: Any
    stopped: Stopped | None
    last: bool


def setup_line(setup: Setup) -> bytes:
    """What a fork server is told first."""
    return dumps(_Start(setup.targets, _name(setup.load), setup.folder, setup.memory))


def read_setup(line: bytes) -> Setup:
    """The same again."""
    start = from_plain(_Start, loads(line))
    return Setup(start.targets, _function(start.load), start.folder, start.memory)


def task_line(task: Task) -> bytes:
    """What a fork server is asked."""
    work, arguments = _parts(task.work)
    return dumps(_Question(task.path, task.text, _name(work), arguments, task.seconds, task.others))


def read_task(line: bytes) -> Task:
    """The same again; Malformed where an argument is not what the function is annotated with."""
    asked = from_plain(_Question, loads(line))
    work = _function(asked.work)
    kinds = _hints(work)
    arguments = {name: from_plain(kinds[name], value) for name, value in asked.arguments.items()}
    return Task(asked.path, asked.text, partial(work, **arguments), asked.seconds, asked.others)


def outcome_line(outcome: Outcome | None, *, last: bool = False) -> bytes:
    """What a fork server answers: to its setup with None where all is well."""
    if isinstance(outcome, Stopped):
        return dumps(_Answer(None, outcome, last))
    return dumps(_Answer(None if outcome is None else outcome.value, None, last))


def read_outcome(line: bytes, work: Callable[..., Any] | None) -> tuple[Outcome, bool]:
    """The outcome of such work, or of a setup, and whether it is the last one of its process; Malformed for others."""
    answer = from_plain(_Answer, loads(line))
    if answer.stopped is not None:
        return answer.stopped, answer.last
    kind = None if work is None else _hints(_parts(work)[0])["return"]
    value: Any = from_plain(kind, answer.value)  # type: ignore[arg-type]
    return Answered(value), answer.last


def _parts(work: Callable[..., Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
    return (work.func, work.keywords) if isinstance(work, partial) else (work, {})


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}:{function.__qualname__}"


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    try:
        found: Callable[..., Any] = getattr(import_module(module), attribute)
    except (ImportError, AttributeError):
        raise Malformed(f"no function {name}") from None
    return found


@cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)
