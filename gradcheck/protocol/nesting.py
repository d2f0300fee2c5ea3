"""Arrays in dicts, lists, tuples and NamedTuples: taken apart into named leaves and put together again.

The work is optree's, which is imported only where something is nested.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError
from gradcheck.foreign import message_of, shown


@dataclass(frozen=True)
class Nesting:
    """How leaves hang together: ``spec`` is optree's, or None where the value is a leaf itself."""

    names: tuple[str, ...]
    spec: Any = None

    def pack(self, leaves: Sequence[Any]) -> Any:
        """Put leaves together into a value of this structure."""
        return leaves[0] if self.spec is None else self.spec.unflatten(leaves)

    def unpack(self, value: Any) -> list[Any]:
        """Take a value of this structure apart; raise ValueError, with optree's words, where it has another one.

        Whatever stands where a leaf is expected is returned as it is. A bare None stands for None at every leaf.
        """
        if self.spec is None:
            return [value]
        if value is None:
            return [None] * len(self.names)
        return list(self.spec.flatten_up_to(value))

    def without(self, value: Any, constant: Sequence[bool]) -> Any:
        """A value of this structure with None at the leaves that are constant, also where the value lacks their keys.

        A value of another structure is left as it is.
        """
        return value if self.spec is None or value is None else _without(value, self.spec, list(constant))

    def missing(self, value: Any) -> list[str]:
        """The leaves whose keys a dict, or a dict inside it, lacks."""
        return [] if self.spec is None else _absent(value, self.spec, list(self.names))


def _absent(value: Any, spec: Any, names: list[str]) -> list[str]:
    if not isinstance(value, dict):
        return []
    found: list[str] = []
    rest = iter(names)
    for key, child in _children(spec):
        own = [next(rest) for _ in range(child.num_leaves)]
        found += _absent(value[key], child, own) if key in value else own
    return found


def _without(value: Any, spec: Any, constant: list[bool]) -> Any:
    if constant and all(constant):
        return spec.unflatten([None] * len(constant))
    if not any(constant) or not isinstance(value, _CONTAINERS):
        return value
    rest = iter(constant)
    children = [(key, child, [next(rest) for _ in range(child.num_leaves)]) for key, child in _children(spec)]
    if isinstance(value, dict):
        own = dict(value)
        own.update(
            (key, _without(value.get(key), child, flags))
            for key, child, flags in children
            if key in value or (flags and all(flags))
        )
        return own if type(value) is dict else type(value)(own)
    if len(value) != len(children):
        return value
    parts = [_without(part, child, flags) for part, (_, child, flags) in zip(value, children, strict=True)]
    make = getattr(type(value), "_make", type(value))
    return make(parts)


def _children(spec: Any) -> list[tuple[Any, Any]]:
    return list(zip(spec.entries(), spec.children(), strict=True))


_LEAVES = (np.ndarray, np.generic, float, int)
_CONTAINERS = (dict, list, tuple)


def nested(name: str, value: object) -> tuple[list[Any], Nesting]:
    """The leaves of a value, and how they hang together; leaves are named by their path, ``params['w'][0]``."""
    if not _is_node(value):
        return [value], _leaf(name)
    import optree

    leaves: list[Any]
    try:
        leaves, spec = optree.tree_flatten(value)  # type: ignore[arg-type]
    except RecursionError:
        raise ConventionError(f"`{shown(name)}` is nested too deep, or holds itself: give it as a flat dict") from None
    except ValueError as error:  # keys of a dict that have no order
        raise ConventionError(f"`{shown(name)}` cannot be taken apart: {message_of(error)}") from None
    return leaves, Nesting(tuple(accessor.codify(name) for accessor in spec.accessors()), spec)


@lru_cache(maxsize=64)  # an input of the same name is asked about at every check
def _leaf(name: str) -> Nesting:
    return Nesting((name,))


def _is_node(value: object) -> bool:
    """Whether a value holds others: a built-in container, or an instance of a class registered with optree."""
    if isinstance(value, _LEAVES):
        return False
    if isinstance(value, _CONTAINERS):
        return True
    optree = sys.modules.get("optree")  # a class can only be registered where optree has been imported
    return optree is not None and value is not None and not optree.tree_is_leaf(value)
