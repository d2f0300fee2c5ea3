"""One clear sentence where the parameters of a network are not built as they should be."""

from collections.abc import Callable, Sequence
from typing import Any


def entries(op: Callable[..., object], name: str, tree: Any, keys: Sequence[str]) -> tuple[Any, ...]:
    """The values of these keys; an error unless `tree` is a dict that has all of them and no other."""
    if type(tree) is dict and len(tree) == len(keys):
        try:
            return tuple([tree[key] for key in keys])
        except KeyError:
            pass
    if not isinstance(tree, dict):
        raise TypeError(f"{op.__name__}: {name} must be a dict of {_listed(keys)}, but it is {_kind(tree)}")
    raise ValueError(f"{op.__name__}: {name} must be a dict of {_listed(keys)}, but it has {_listed(list(tree))}")


def parts(op: Callable[..., object], name: str, tree: Any) -> Sequence[Any]:
    """`tree` itself; an error unless it is a tuple or list that holds something."""
    if type(tree) is not tuple and not isinstance(tree, tuple | list):
        raise TypeError(f"{op.__name__}: {name} must be a tuple or list, but it is {_kind(tree)}")
    if not tree:
        raise ValueError(f"{op.__name__}: {name} must hold at least one entry, but it is empty")
    return tree


def _listed(keys: Sequence[Any]) -> str:
    return ", ".join(map(repr, keys)) or "nothing"


def _kind(tree: Any) -> str:
    return "None" if tree is None else f"of type {type(tree).__name__}"
