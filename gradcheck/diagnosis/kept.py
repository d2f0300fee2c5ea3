"""Arrays that a backward reads beside its inputs, by the names that its author gave them.

What its closure keeps of the forward, entries of dicts and attributes of objects there, and the constants of its
module: ``saved[0]``, ``cache["A1"]``, ``self.mask``, ``WEIGHTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from inspect import unwrap
from types import CodeType, MethodType, ModuleType
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol.files import owner_of

from .limits import CALLED, DEEP, MOST_PARTS


def kept_arrays(vjp: Callable[..., Any], op: Callable[..., Any] | None = None) -> dict[str, Array]:
    """Every real array that a vjp, or the op that made it, can read by name, outermost first.

    What the op reads counts too: a weight that its backward forgets. Copies: the backward may write into them later.
    What it computes is not looked for.
    """
    found: dict[str, Array] = {}
    op = None if op is None else unwrap(op) if hasattr(op, "__wrapped__") and not hasattr(op, "adapter") else op
    around = [] if op is None else [*_closure(op, DEEP), *_constants(op)]
    for name, value in (*_closure(vjp, DEEP), *_constants(vjp), *around):
        if name not in found and isinstance(value, np.ndarray) and value.dtype.kind in "fb" and value.size:
            found[name] = np.array(value)
    return found


def _closure(function: Any, deep: int) -> Iterator[tuple[str, Any]]:
    if isinstance(function, MethodType):
        yield from parts_of("self", function.__self__)
        function = function.__func__
    if isinstance(function, partial):
        yield from parts_of("args", function.args)
        yield from _closure(function.func, deep)
        return
    values = list(_cells(function))
    for name, value in values:
        yield from parts_of(name, value)
    for _, value in values:
        if deep and callable(value) and not isinstance(value, type):
            yield from _closure(value, deep - 1)


def _cells(function: Any) -> Iterator[tuple[str, Any]]:
    code = getattr(function, "__code__", None)
    for name, cell in zip(getattr(code, "co_freevars", ()), getattr(function, "__closure__", None) or (), strict=False):
        try:
            yield name, cell.cell_contents
        except ValueError:  # a name that was never given a value
            continue


def _constants(vjp: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """The module's own values that a user's function reads: of the vjp, of those in its closure, of those they call."""
    todo = [(function, CALLED) for function in _functions(vjp, DEEP)]
    seen: set[int] = set()
    while todo:
        function, deep = todo.pop(0)
        code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
        if code is None or id(code) in seen or owner_of(code.co_filename) is None:
            continue
        seen.add(id(code))
        for name in _read(code):
            value = space.get(name)
            if deep and hasattr(value, "__code__"):
                todo.append((value, deep - 1))
            elif not isinstance(value, ModuleType | type):
                yield from parts_of(name, value)


def _functions(function: Any, deep: int) -> Iterator[Any]:
    """A function and those that its closure holds."""
    function = getattr(function, "__func__", function)
    yield function
    for _, value in _cells(function):
        if deep and hasattr(value, "__code__"):
            yield from _functions(value, deep - 1)


def _read(code: CodeType) -> Iterator[str]:
    """The names that a function reads beyond its own, those of functions inside it among them."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _read(constant)


def parts_of(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value by its name, and where it is a container of few or somebody's object, what is in it by theirs."""
    if isinstance(value, tuple | list) and len(value) <= MOST_PARTS:
        for number, part in enumerate(value):
            yield f"{name}[{number}]", part
    elif isinstance(value, dict) and len(value) <= MOST_PARTS:
        for key, part in value.items():
            yield f"{name}[{key!r}]", part
    elif _is_somebodys(value):
        for key, part in list(vars(value).items())[:MOST_PARTS]:
            yield f"{name}.{key}", part
    else:
        yield name, value


def _is_somebodys(value: Any) -> bool:
    """An instance of a class that keeps its values on itself, and no function."""
    return hasattr(value, "__dict__") and not callable(value) and not isinstance(value, np.ndarray | ModuleType)
