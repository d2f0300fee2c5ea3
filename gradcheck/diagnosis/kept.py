"""Arrays that a backward keeps from its forward, by the names that its author gave them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .limits import DEEP


def kept_arrays(vjp: Callable[..., Any]) -> dict[str, Array]:
    """Every real array in the closure of a vjp, and of the functions and tuples in it, outermost first.

    Copies: the backward may write into them later. What it keeps on objects of its own is not looked for.
    """
    found: dict[str, Array] = {}
    for name, value in _closure(vjp, DEEP):
        if name not in found and isinstance(value, np.ndarray) and value.dtype.kind in "fb" and value.size:
            found[name] = np.array(value)
    return found


def _closure(function: Any, deep: int) -> Iterator[tuple[str, Any]]:
    code = getattr(function, "__code__", None)
    cells = getattr(function, "__closure__", None)
    if code is None or not cells:
        return
    values = []
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            values.append((name, cell.cell_contents))
        except ValueError:  # a name that was never given a value
            continue
    for name, value in values:
        yield from _parts(name, value)
    for _, value in values:
        if deep and callable(value) and not isinstance(value, type):
            yield from _closure(value, deep - 1)


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value, and where it is a tuple or a list of few, what is in it."""
    if isinstance(value, tuple | list) and len(value) <= 16:
        for number, part in enumerate(value):
            yield f"{name}[{number}]", part
    else:
        yield name, value
