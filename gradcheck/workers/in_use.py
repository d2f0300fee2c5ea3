"""Whether the user's code has put something else in the place of what gradcheck computes and judges with.

A verdict that was reached with another `numpy.abs`, or with a method of ours replaced, is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from gradcheck.errors import UsageError

WATCHED = ("numpy", "numpy.linalg", "numpy.random", "math", "builtins")
"""The modules whose names are watched beside our own: what is used of NumPy, and what every line of Python uses."""

_Owner = ModuleType | type | FunctionType
_BY = {ModuleType: ModuleType.__setattr__, FunctionType: object.__setattr__}


@dataclass(frozen=True)
class InUse:
    """What stands under the names of modules and of our classes, and what our functions do.

    Of each its owner, the name there, the value, and the place that a sentence names.
    """

    names: tuple[tuple[_Owner, str, Any, str], ...]
    modules: tuple[tuple[str, ModuleType], ...]

    @staticmethod
    def now() -> InUse:
        """As it is."""
        return InUse(tuple(_names()), tuple(_watched()))

    def breach(self) -> str:
        """The end of a sentence that says what is replaced, empty where nothing is; all of it is put back.

        A name that is new replaces nothing.
        """
        replaced = [one for one in self.names if _held(one[0], one[1]) is not one[2]]
        for owner, name, value, _ in replaced:
            with suppress(TypeError, AttributeError):
                _BY.get(type(owner), type.__setattr__)(owner, name, value)
        gone = [(place, module) for place, module in self.modules if sys.modules.get(place) is not module]
        sys.modules.update(gone)
        if not replaced and not gone:
            return ""
        name, place = (replaced[0][1], replaced[0][3]) if replaced else (gone[0][0], "sys.modules")
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


@cache
def clean() -> InUse:
    """As it was in the clean process, which asks first: for a worker before it runs any code of the user's."""
    return InUse.now()


def _held(owner: _Owner, name: str) -> Any:
    return owner.__code__ if isinstance(owner, FunctionType) else vars(owner).get(name)


def _is_own(place: str) -> bool:
    return place.partition(".")[0] == "gradcheck"


def _watched() -> Iterator[tuple[str, ModuleType]]:
    for place, module in list(sys.modules.items()):
        if module is not None and (_is_own(place) or place in WATCHED):
            yield place, module


def _names() -> Iterator[tuple[_Owner, str, Any, str]]:
    for place, module in _watched():
        own = _is_own(place)
        for name, value in list(vars(module).items()):
            yield module, name, value, place
            if own and isinstance(value, type | FunctionType) and value.__module__ == place:
                yield from _made_of(value, f"{place}.{name}")


def _made_of(value: type | FunctionType, place: str) -> Iterator[tuple[_Owner, str, Any, str]]:
    """What a function of ours does; the members of a class, and what those do that are functions."""
    if isinstance(value, FunctionType):
        yield value, "__code__", value.__code__, place
        return
    for name, member in list(vars(value).items()):
        yield value, name, member, place
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if isinstance(function, FunctionType):
            yield function, "__code__", function.__code__, f"{place}.{name}"
