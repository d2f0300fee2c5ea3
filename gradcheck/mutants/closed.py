"""Whether a function keeps nothing between two calls: then its answer depends on its arguments alone.

Decided by what its code could do, not by what it was seen to do; whatever is not known to be harmless is not.
"""

from __future__ import annotations

import builtins
import dis
import functools
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from gradcheck.source.file import nested

# Modules whose functions keep nothing; of NumPy all but its generators.
_STATELESS = ("numpy", "math", "cmath", "operator", "itertools", "numbers")
_OF_GENERATORS = "random"
# Ways round what the instructions say.
_DEVIOUS = {"setattr", "delattr", "getattr", "globals", "locals", "vars", "exec", "eval", "open", "input", "__import__"}
_NAMES = {"__name__", "__qualname__"}
_KEEPING = {"STORE_GLOBAL", "DELETE_GLOBAL", "DELETE_ATTR", "IMPORT_NAME", "LOAD_BUILD_CLASS"}


@dataclass
class Inspection:
    """Looks at functions and at all that they call by name; ``caches`` are those of `functools.cache` among these."""

    caches: list[Any] = field(default_factory=list)
    _seen: dict[CodeType, bool] = field(default_factory=dict)

    def is_closed(self, function: FunctionType, code: CodeType | None = None) -> bool:
        """Whether a function, with this code in the place of its own, can keep nothing."""
        code = function.__code__ if code is None else code
        if code not in self._seen:
            self._seen[code] = True  # for one that calls itself; what it calls decides
            self._seen[code] = self._can_keep_nothing(function, code)
        return self._seen[code]

    def caches_are_fixed(self) -> bool:
        """Whether nobody can write into what the caches hand out again."""
        return all(map(_is_fixed_or_read_only, (value for cache in self.caches for value in _held_by(cache))))

    def _can_keep_nothing(self, function: FunctionType, code: CodeType) -> bool:
        if code.co_freevars or code.co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR):
            return False
        defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        if not all(map(is_constant, defaults)):
            return False
        return all(self._is_harmless(part, function.__globals__) for part in nested(code))

    def _is_harmless(self, code: CodeType, names: dict[str, Any]) -> bool:
        before = ""
        for instruction in dis.get_instructions(code):
            kind, name = instruction.opname, instruction.argval
            if kind in _KEEPING:
                return False
            if kind == "STORE_ATTR" and (before, name) != ("flags", "writeable"):
                return False
            if kind in ("LOAD_ATTR", "LOAD_METHOD") and not _is_plain(name):
                return False
            if kind in ("LOAD_GLOBAL", "LOAD_NAME"):
                value = names.get(name, getattr(builtins, name, self))
                if not self._is_fixed(value):
                    return False
            before = name if isinstance(name, str) else ""
        return True

    def _is_fixed(self, value: Any) -> bool:
        """Whether what a name stands for has no state, nor has what it calls."""
        if isinstance(value, functools._lru_cache_wrapper):
            self.caches.append(value)
            value = value.__wrapped__
        if isinstance(value, FunctionType) and not _is_stateless(value):
            return self.is_closed(value)
        return is_constant(value) or _is_stateless(value)


def is_constant(value: Any) -> bool:
    """Whether a value is one that nobody can change."""
    if isinstance(value, tuple | frozenset):
        return type(value) in (tuple, frozenset) and all(map(is_constant, value))
    if isinstance(value, slice):
        return all(map(is_constant, (value.start, value.stop, value.step)))
    if isinstance(value, np.generic | np.dtype):
        return not np.dtype(value if isinstance(value, np.dtype) else value.dtype).hasobject
    known = (type(None), type(...), type(NotImplemented), bool, int, float, complex, str, bytes)
    return type(value) in known or (isinstance(value, type) and _is_stateless(value))


def _is_plain(name: str) -> bool:
    """Whether an attribute of this name is no way to what a module or a function keeps, as ``np.seterr`` is."""
    return name != _OF_GENERATORS and not name.startswith("set") and (not name.startswith("__") or name in _NAMES)


def _is_stateless(value: Any) -> bool:
    """A module, function or class of Python's or NumPy's that keeps nothing."""
    if isinstance(value, ModuleType):
        name = value.__name__
    else:
        owner = getattr(value, "__self__", None)
        if not callable(value) or not (owner is None or isinstance(owner, ModuleType)):
            return False
        name = getattr(value, "__module__", None) or type(value).__module__
        if name == "builtins":
            return getattr(value, "__name__", "") not in _DEVIOUS
    return name.partition(".")[0] in _STATELESS and _OF_GENERATORS not in name.split(".")


def _held_by(cache: Any) -> Iterator[Any]:
    """What such a cache keeps, keys and values: in itself, or in a dict where it has no bound."""
    for kept in gc.get_referents(cache):
        if kept is cache.__dict__ or kept is cache.__wrapped__ or _is_of_the_cache(kept):
            continue
        if isinstance(kept, dict):
            yield from (value for value in kept.values() if not _is_of_the_cache(value))
        else:
            yield kept


def _is_of_the_cache(kept: Any) -> bool:
    """Its own links and classes, and the mark that it puts between arguments and their names."""
    return type(kept) is object or "functools" in (type(kept).__module__, getattr(kept, "__module__", ""))


def _is_fixed_or_read_only(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_fixed_or_read_only, (one for one in value if type(one) is not object)))
    if isinstance(value, np.ndarray):
        return not value.flags.writeable and not value.dtype.hasobject
    return is_constant(value)
