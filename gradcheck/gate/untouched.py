"""Whether the user's code has put something else in the place of what gradcheck computes and judges with.

A verdict that was reached with another `numpy.abs`, or with a method of ours replaced, is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WATCHED = ("numpy", "numpy.linalg", "math", "builtins")
"""The modules whose names are watched beside our own: what is used of NumPy, and what every line of Python uses."""


@dataclass(frozen=True)
class InUse:
    """What stands under the names of modules and of our classes: of each its table, the name there and the value."""

    names: tuple[tuple[Mapping[str, Any], str, Any, str], ...]

    @staticmethod
    def now() -> InUse:
        """As it is."""
        return InUse(tuple(_names()))

    def replaced(self) -> list[str]:
        """The names under which something else stands by now. A name that is new replaces nothing."""
        return [f"{place}.{name}" for table, name, value, place in self.names if table.get(name) is not value]


def _names() -> Iterator[tuple[Mapping[str, Any], str, Any, str]]:
    for place, module in list(sys.modules.items()):
        own = place.partition(".")[0] == "gradcheck"
        if module is None or not (own or place in WATCHED):
            continue
        for name, value in list(vars(module).items()):
            yield vars(module), name, value, place
            if own and isinstance(value, type) and value.__module__ == place:
                yield from ((vars(value), part, held, f"{place}.{name}") for part, held in list(vars(value).items()))
