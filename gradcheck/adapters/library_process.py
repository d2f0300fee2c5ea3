"""The process that calls a library: what it is sent, and what its answers mean."""

from __future__ import annotations

import math
import os
import pickle
import platform
import sys
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError

from .library_declaration import Argument, Function
from .library_pair import Pair
from .limits import ALIGNMENT, GUARD
from .process import Running, Served

_CHILD = str(Path(__file__).with_name("library_child.py"))
NOT_WRITTEN = b"\xff"  # every byte of an array before it is written: NaN in every width of floating numbers


class Library:
    """A pair of functions and the process that calls them."""

    def __init__(self, path: str, pair: Pair, seconds: float) -> None:
        self.path, self.pair = path, pair
        self.answered = False
        self._process = Served([sys.executable, "-I", "-S", _CHILD], seconds, partial(_load, path))

    def call(
        self, function: Function, arrays: Mapping[str, Any], sizes: Mapping[str, int], zeros: Collection[str] = ()
    ) -> dict[str, Any]:
        """What a function writes, by name, for what it reads and is passed by value.

        Of what it writes those in ``zeros`` are zeros before, all others NaN.
        """
        arguments = [self._argument(function, a, arrays, sizes, a.name in zeros) for a in function.arguments]
        question = (function.name, function.returns, arguments)
        answer = self._process.ask(f"`{function.name}`", lambda running: _exchange(running, question))
        if isinstance(answer, str):
            raise ConventionError(f"{os.path.basename(self.path)} has no function `{function.name}` ({answer})")
        returned, written, touched = answer
        for number, where in touched.items():
            content = arguments[number][1]
            length = content if isinstance(content, int) else len(content)
            raise _trespass(function, function.arguments[number], where, length)
        if returned:
            raise RuntimeError(f"`{function.name}` returned {returned}, and 0 is success")
        return {function.arguments[number].name: content for number, content in written.items()}

    def _argument(
        self, function: Function, a: Argument, arrays: Mapping[str, Any], sizes: Mapping[str, int], zeros: bool
    ) -> tuple[Any, ...]:
        if a.sizes is None:
            return "value", a.kind, sizes[a.name] if a.name in sizes else _number(function, a, arrays[a.name])
        if a.only_read:
            return "read", arrays[a.name].tobytes()
        return "write", math.prod(self.pair.shape(a, sizes)) * a.dtype.itemsize, bytes(1) if zeros else NOT_WRITTEN


def _load(path: str, running: Running) -> None:
    said = _exchange(running, (path, GUARD, ALIGNMENT))
    if said is not None:
        name, machine = os.path.basename(path), platform.machine()
        raise ConventionError(f"{name} cannot be loaded ({said}): build it on this machine, for {machine}")


def _trespass(function: Function, a: Argument, where: tuple[int, int] | None, length: int) -> Exception:
    """What to say of memory that was touched and must not be."""
    if where is None:
        return RuntimeError(f"`{function.name}` changed `{a.name}`, which is const in its declaration")
    entries = [byte // a.dtype.itemsize for byte in where]
    if a.dtype == np.float32 and entries == [0, length // a.dtype.itemsize - 1]:
        return ConventionError(
            f"`{function.name}` wrote twice as much as `{a.name}` holds: the library seems to be compiled for "
            "double, and its declaration says float"
        )
    behind = where[0] >= 0
    nearest, side = (entries[0] + 1, "behind the end") if behind else (-entries[-1], "in front")
    error = RuntimeError(f"`{function.name}` wrote {side} of `{a.name}`: the entry {nearest} beyond it")
    error.add_note(f"a loop that goes too far, or an index of `{a.name}` that is computed from the wrong sizes")
    return error


def _exchange(running: Running, question: Any) -> Any:
    running.send(pickle.dumps(question))
    return pickle.loads(running.receive(int.from_bytes(running.receive(8), "little")))


def _number(function: Function, a: Argument, value: Any) -> Any:
    whole = a.dtype.kind != "f"
    if not isinstance(value, int | np.integer if whole else int | float | np.integer | np.floating):
        raise ConventionError(f"`{function.name}` takes `{a.name}` as {a.dtype}, and was given {value!r}")
    return int(value) if whole else float(value)


def demand_whole(function: Function, a: Argument, content: bytes) -> None:
    """Raise ConventionError where the first half of the bytes was written and the second was not."""
    if content[-4:] != NOT_WRITTEN * 4:  # nearly always
        return
    half = len(content) // 2
    words = [content[start : start + 4] for start in range(0, len(content), 4)]
    written = [word != NOT_WRITTEN * 4 for word in words]
    if a.dtype == np.float64 and half and written == [True] * (half // 4) + [False] * (half // 4):
        raise ConventionError(
            f"`{function.name}` wrote the first half of the bytes of `{a.name}` only: the library seems to be compiled "
            "for float, and its declaration says double"
        )
