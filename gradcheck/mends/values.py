"""What the functions of a backward hold when it runs: every array by the way it would be written there.

``params["W1"]``, ``self.W`` and ``cache[0]`` are operands like any name. Which there are is seen in a run, so that no
edit uses a key that does not exist, or a dict where an array belongs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.generation import Example, draw_inputs
from gradcheck.protocol import Case, Failure, call_op, call_vjp, quiet
from gradcheck.protocol.surroundings import profile_by
from gradcheck.source import Backward
from gradcheck.source.watching import cotangent_of

from .limits import DEEPEST_VALUE, MOST_KEYS, MOST_OPERANDS

Named = tuple[str, str]  # a file, and a function in it by its qualified name


@dataclass(frozen=True)
class Value:
    """What was found under a name: the shape of an array, nothing for a number; that it is a container, or a switch."""

    shape: tuple[int, ...] | None = None
    container: bool = False
    flag: bool = False

    @property
    def is_array(self) -> bool:
        """Whether the backward could compute with it entry by entry."""
        return self.shape is not None

    @property
    def is_number(self) -> bool:
        """Whether it is one number: a size, a rate, a constant."""
        return self.shape is None and not self.container and not self.flag


Held = Mapping[str, Value]


def values_held(case: Case, example: Example, backward: Backward) -> dict[Named, Held]:
    """Call op and vjp once and look at what each function holds when it ends; nothing of those that do not run."""
    wanted = {(part.path, function.qualname) for part in backward.parts for function in part.functions}
    found: dict[Named, dict[str, Value]] = {}

    def look(frame: FrameType, event: str, argument: object) -> None:
        named = frame.f_code.co_filename, frame.f_code.co_qualname
        if event == "return" and named in wanted:
            known = found.setdefault(named, {})
            for name, value in _within(frame):
                known.setdefault(name, value)

    try:
        inputs = draw_inputs(case, example)
    except UsageError:
        return {}
    before = sys.getprofile()
    with quiet():
        sys.setprofile(look)
        try:
            answer = call_op(case.op, inputs, dict(example.options))
            if not isinstance(answer, Failure):
                call_vjp(answer.vjp, cotangent_of(answer, example.seed))
        finally:
            profile_by(before)
    return dict(found)


def _within(frame: FrameType) -> Iterator[tuple[str, Value]]:
    """The values of a frame as they may be written in it: its own, those around it, and numbers of its module."""
    count = 0
    for name, value in frame.f_locals.items():
        for text, found in _spelled(name, value, DEEPEST_VALUE):
            count += 1
            if count > MOST_OPERANDS:
                return
            yield text, found
    read = {*frame.f_code.co_names}
    for name, value in frame.f_globals.items():
        own = name in read or not name.startswith("_")
        if own and isinstance(value, int | float | np.ndarray) and not isinstance(value, bool):
            yield from _spelled(name, value, 0)


def _spelled(text: str, value: Any, depth: int) -> Iterator[tuple[str, Value]]:
    """A value, and what it holds: entries of dicts, tuples and lists, attributes of objects."""
    shape = getattr(value, "shape", None)
    if isinstance(value, bool):
        yield text, Value(flag=True)
    elif isinstance(value, str) and text.isidentifier() and value.isidentifier():
        yield f'{text} == "{value}"', Value(flag=True)
    elif isinstance(value, slice) and isinstance(value.start, int) and isinstance(value.stop, int):
        yield f"({text}.stop - {text}.start)", Value()  # how long a window is
    elif isinstance(value, int | float | complex | np.generic) and not isinstance(value, bool):
        yield text, Value()
    elif isinstance(shape, tuple) and hasattr(value, "dtype"):
        yield text, Value(tuple(map(int, shape)))
    elif isinstance(value, dict | list | tuple):
        yield text, Value(container=True)
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (key, inner) in enumerate(pairs):
            if depth and number < MOST_KEYS and isinstance(key, str | int):
                yield from _spelled(f"{text}[{_literal(key)}]", inner, depth - 1)
    elif _is_object(value):
        yield text, Value(container=True)
        for number, (key, inner) in enumerate(vars(value).items()):
            if depth and number < MOST_KEYS:
                yield from _spelled(f"{text}.{key}", inner, depth - 1)


def _is_object(value: Any) -> bool:
    """An instance of somebody's class that keeps its values on itself."""
    plain = isinstance(value, type | ModuleType) or callable(value)
    return hasattr(value, "__dict__") and (not plain or type(value).__module__ not in ("builtins", "numpy"))


def _literal(key: str | int) -> str:
    return f'"{key}"' if isinstance(key, str) and key.isprintable() and '"' not in key else repr(key)
