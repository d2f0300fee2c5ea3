"""What functions can reach besides what they are given: read-only while somebody else's edits run in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from .limits import DEEPEST_VALUE, MOST_KEYS

_COMPILED = ("jax", "numba")  # they keep what they made of a function, an edited one too


@contextmanager
def read_only(functions: Iterable[FunctionType]) -> Iterator[None]:
    """No array that the functions know by a name can be written to while it lasts."""
    arrays = {id(a): a for function in functions for a in _arrays(function) if a.flags.writeable}
    views_last = sorted(arrays.values(), key=lambda array: array.base is not None)
    try:
        for array in views_last:
            array.flags.writeable = False
        yield
    finally:
        for array in views_last:  # a view is only writeable again where what it is a view of is
            array.flags.writeable = True


def is_kept_elsewhere(functions: Sequence[FunctionType]) -> bool:
    """Whether something may remember what a function returned, or what it was compiled to, beyond an edit of it."""
    own = {id(function) for function in functions}
    for function in functions:
        for value in function.__globals__.values():
            remembers = hasattr(value, "cache_info") and id(getattr(value, "__wrapped__", None)) in own
            name = value.__name__ if isinstance(value, ModuleType) else ""
            if remembers or name.partition(".")[0] in _COMPILED:
                return True
    return False


def _arrays(function: FunctionType) -> Iterator[np.ndarray[Any, Any]]:
    for value in (*function.__globals__.values(), *map(_content, function.__closure__ or ())):
        yield from _within(value, DEEPEST_VALUE)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # nothing was put there yet
        return None


def _within(value: Any, depth: int) -> Iterator[np.ndarray[Any, Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif depth and isinstance(value, dict | list | tuple) and len(value) <= MOST_KEYS:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _within(inner, depth - 1)
    elif depth and hasattr(value, "__dict__") and not isinstance(value, type | ModuleType | FunctionType):
        for inner in list(vars(value).values())[:MOST_KEYS]:
            yield from _within(inner, depth - 1)
