"""Whether the user's code has put something else in the place of what gradcheck computes and judges with.

A verdict that was reached with another `numpy.abs`, or with a method of ours replaced, is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeVar, cast

from gradcheck.errors import UsageError

OF_PYTHON = ("abc", "contextlib", "dataclasses", "enum", "functools")
"""What our classes and functions are made with: watched as they are, to what their methods do."""
WATCHED = (*OF_PYTHON, "numpy", "numpy.linalg", "numpy.random", "math", "builtins")
"""The modules whose names are watched beside our own: what is used of NumPy, and what every line of Python uses."""

_OF_MODULES, _OF_CLASSES = (cast(Any, vars(kind)["__dict__"]) for kind in (ModuleType, type))
_Owner = ModuleType | type
_Named = tuple[_Owner, dict[str, Any], str]
_Coded = tuple[FunctionType, CodeType, str]


@dataclass(frozen=True)
class InUse:
    """What stands under the names of modules and of our classes, what our functions do, and which modules there are.

    Of each owner of names what stands under them, and the place that a sentence names; of each function likewise.
    """

    names: tuple[_Named, ...]
    code: tuple[_Coded, ...]
    modules: tuple[tuple[str, ModuleType], ...]

    @staticmethod
    def now() -> InUse:
        """As it is."""
        modules = tuple(_watched())
        own = [(place, module) for place, module in modules if _is_own(place) or place in OF_PYTHON]
        classes, functions = _made_in(own, type), _made_in(own, FunctionType)
        members = [
            (function, f"{place}.{name}")
            for made, place in classes
            for name, member in _held_by(made).items()
            if isinstance(function := _function_of(member), FunctionType)
        ]
        owners: list[tuple[_Owner, str]] = [*((module, place) for place, module in modules), *classes]
        return InUse(
            tuple((owner, dict(_held_by(owner)), place) for owner, place in owners),
            tuple((function, function.__code__, place) for function, place in [*functions, *members]),
            modules,
        )

    def breach(self) -> str:
        """The end of a sentence that says what is replaced, empty where nothing is; all of it is put back.

        A name that is new replaces nothing, except in a class that had it from another.
        """
        replaced = [
            (owner, name, value, place)
            for owner, values, place in self.names
            for there in (_held_by(owner),)
            for name, value in values.items()
            if there.get(name) is not value
        ]
        overriding = [
            (cast(type, owner), name, place)
            for owner, values, place in self.names
            if len(_held_by(owner)) > len(values)
            for name in _overriding(owner, values)
        ]
        recoded = [one for one in self.code if one[0].__code__ is not one[1]]
        gone = [(place, module) for place, module in self.modules if sys.modules.get(place) is not module]
        for owner, name, value, _ in replaced:
            with suppress(TypeError, AttributeError):
                (ModuleType if _is_module(owner) else type).__setattr__(owner, name, value)
        for made, name, _ in overriding:
            with suppress(AttributeError):  # of a class with two names it is gone
                type.__delattr__(made, name)
        for function, code, _ in recoded:
            object.__setattr__(function, "__code__", code)
        sys.modules.update(gone)
        found = (
            *(f"{place}.{name}" for _, name, _, place in replaced),
            *(f"{place}.{name}" for _, name, place in overriding),
            *(f"{place}.__code__" for _, _, place in recoded),
            *(f"sys.modules.{place}" for place, _ in gone),
        )
        if not found:
            return ""
        return (
            f"puts something else in the place of `{found[0]}`, "
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


def _is_own(place: str) -> bool:
    return place.partition(".")[0] == "gradcheck"


def _watched() -> Iterator[tuple[str, ModuleType]]:
    for place, module in list(sys.modules.items()):
        if module is not None and (_is_own(place) or place in WATCHED):
            yield place, module


_Made = TypeVar("_Made", type, FunctionType)


def _made_in(modules: Sequence[tuple[str, ModuleType]], kind: type[_Made]) -> list[tuple[_Made, str]]:
    """The classes, or the functions, that these modules define, each with its place."""
    return [
        (value, f"{place}.{name}")
        for place, module in modules
        for name, value in vars(module).items()
        if isinstance(value, kind) and value.__module__ == place
    ]


def _held_by(owner: _Owner) -> Mapping[str, Any]:
    """`vars`, asked past a metaclass, which somebody may have changed."""
    if _is_module(owner):
        return cast(Mapping[str, Any], _OF_MODULES.__get__(owner))
    return cast(Mapping[str, Any], _OF_CLASSES.__get__(owner))


def _overriding(owner: _Owner, values: Mapping[str, Any]) -> list[str]:
    """The names that are new in a class and stand in a base of it; none of a module."""
    if _is_module(owner):
        return []
    bases = [_held_by(base) for base in type.mro(cast(type, owner))[1:]]
    return [name for name in _held_by(owner) if name not in values and any(name in base for base in bases)]


def _is_module(owner: _Owner) -> bool:
    """`isinstance`, which asks the owner itself what it is, and with that its metaclass."""
    return issubclass(type(owner), ModuleType)


def _function_of(member: Any) -> Any:
    """What a member of a class calls: of a property, of a static or class method; else itself."""
    return member.fget if isinstance(member, property) else getattr(member, "__func__", member)
