"""Whether the user's code has put something else in the place of what gradcheck computes and judges with.

A verdict that was reached with another `numpy.abs`, or with a method of ours replaced, is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from gradcheck.errors import UsageError

WATCHED = ("numpy", "numpy.linalg", "math", "builtins")
"""The modules whose names are watched beside our own: what is used of NumPy, and what every line of Python uses."""

_Owner = ModuleType | type


@dataclass(frozen=True)
class InUse:
    """What stands under the names of modules and of our classes: of each its owner, the name there and the value."""

    names: tuple[tuple[_Owner, str, Any, str], ...]

    @staticmethod
    def now() -> InUse:
        """As it is."""
        return InUse(tuple(_names()))

    def breach(self) -> str:
        """The end of a sentence that says what is replaced, empty where nothing is; all of it is put back.

        A name that is new replaces nothing.
        """
        replaced = [one for one in self.names if vars(one[0]).get(one[1]) is not one[2]]
        for owner, name, value, _ in replaced:
            with suppress(TypeError, AttributeError):
                (type if isinstance(owner, type) else ModuleType).__setattr__(owner, name, value)
        if not replaced:
            return ""
        _, name, _, place = replaced[0]
        return (
            f"puts something else in the place of `{place}.{name}`, "
            "which gradcheck computes and judges with: leave it as it is"
        )

    @contextmanager
    def kept(self, what: str) -> Iterator[None]:
        """Raise such a UsageError at the end, or instead of the exception that was a consequence."""
        try:
            yield
        except Exception:
            self.demand(what)
            raise
        self.demand(what)

    def demand(self, what: str) -> None:
        """Raise UsageError with a sentence about ``what`` where something is replaced, and put it back."""
        if found := self.breach():
            raise UsageError(f"{what} {found}")


def _names() -> Iterator[tuple[_Owner, str, Any, str]]:
    for place, module in list(sys.modules.items()):
        own = place.partition(".")[0] == "gradcheck"
        if module is None or not (own or place in WATCHED):
            continue
        for name, value in list(vars(module).items()):
            yield module, name, value, place
            if own and isinstance(value, type) and value.__module__ == place:
                yield from ((value, part, held, f"{place}.{name}") for part, held in list(vars(value).items()))
