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


_LEAVES = (np.ndarray, np.generic, float, int)
_CONTAINERS = (dict, list, tuple)


def nested(name: str, value: object) -> tuple[list[Any], Nesting]:
    """The leaves of a value, and how they hang together; leaves are named by their path, ``params['w'][0]``."""
    if not _is_node(value):
        return [value], _leaf(name)
    import optree

    leaves: list[Any]
    leaves, spec = optree.tree_flatten(value)  # type: ignore[arg-type]
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
