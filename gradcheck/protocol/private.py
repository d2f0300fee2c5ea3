"""Private copies of what is handed over beside the inputs: arrays and containers of them, and nothing else."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from copy import copy
from typing import Any

import numpy as np

from .dtypes import is_inexact

_ALONE = (bool, int, float, complex, str, bytes, type(None))  # cannot be written into
_CONTAINERS = (dict, OrderedDict, defaultdict, list, set)  # a class of the user's own may mean more than it holds


def private_options(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Options with copies of their own of every array and container; the very same where none of them has any."""
    if not options or all(isinstance(value, _ALONE) for value in options.values()):
        return options
    known: dict[int, Any] = {}
    return {name: private(value, known) for name, value in options.items()}


def private(value: Any, known: dict[int, Any] | None = None) -> Any:
    """A copy of an array, or of a dict, list, tuple or set with copies of what it holds.

    Anything else (a function, a module, a generator, a number) is handed over as it is: its state is its own affair.
    What hangs together in one place or in a circle does so in the copy; ``known`` holds what was copied, by id.
    """
    known = {} if known is None else known
    if isinstance(value, _ALONE):
        return value
    if id(value) in known:
        return known[id(value)]
    if isinstance(value, np.ndarray):
        own: Any = value.copy(order="K")
    elif type(value) in _CONTAINERS:
        own = known[id(value)] = copy(value)
        _fill(own, known)
    elif isinstance(value, tuple):
        own = _tuple(value, known)
    else:
        return value
    known[id(value)] = own
    return own


def untouched(value: Any, handed: Any, seen: set[int] | None = None) -> bool:
    """Whether a private copy still holds what the value holds: in arrays the same numbers, else the same things."""
    seen = set() if seen is None else seen
    if value is handed or id(handed) in seen:
        return True
    if type(value) is not type(handed):
        return False
    if isinstance(value, np.ndarray):
        return value.shape == handed.shape and value.dtype == handed.dtype and _same_entries(value, handed)
    if isinstance(value, _ALONE):
        return bool(value == handed)
    seen.add(id(handed))
    if isinstance(value, dict):
        return list(value) == list(handed) and all(untouched(value[key], handed[key], seen) for key in value)
    if isinstance(value, list | tuple):
        return len(value) == len(handed) and all(
            untouched(old, new, seen) for old, new in zip(value, handed, strict=True)
        )
    return isinstance(value, set) and value == handed


def _same_entries(value: Any, handed: Any) -> bool:
    if value.dtype.hasobject:
        return all(untouched(old, new) for old, new in zip(value.flat, handed.flat, strict=True))
    return value.tobytes() == handed.tobytes() or np.array_equal(value, handed, equal_nan=is_inexact(value.dtype))


def _fill(own: Any, known: dict[int, Any]) -> None:
    """Replace what a shallow copy holds by private copies; what is in a set has a hash, and cannot be written into."""
    if isinstance(own, dict):
        for key, part in own.items():
            own[key] = private(part, known)
    elif isinstance(own, list):
        own[:] = [private(part, known) for part in own]


def _tuple(value: tuple[Any, ...], known: dict[int, Any]) -> Any:
    """The tuple itself where nothing in it is copied; a NamedTuple stays one."""
    parts = [private(part, known) for part in value]
    if all(part is old for part, old in zip(parts, value, strict=True)):
        return value
    make = getattr(type(value), "_make", tuple if type(value) is tuple else None)
    return value if make is None else make(parts)
