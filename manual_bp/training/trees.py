"""Parameters as one nested value: dicts, lists and tuples of arrays, however deep.

The leaves of such a tree are its arrays, in a fixed order: a dict gives its values in the order in which its keys were
put in, a list or tuple in order. A gradient has the structure of the parameters, but its dicts may have been filled in
another order, so leaves of a second tree are looked up by the first.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, cast

import numpy as np

from .._typing import FloatArray
from .._validation import FLOAT32, FLOAT64, float_arrays

Tree: TypeAlias = Any
"""An array, or a dict with strings as keys, a list or a tuple of trees."""


def leaves(op: Callable[..., object], name: str, tree: Tree) -> dict[str, FloatArray]:
    """The arrays of `tree` by name, as `parameters['blocks'][0]['weight']`.

    Raises TypeError where a leaf is no floating array or a key no string, and ValueError where there is no leaf.
    """
    found = {path: float_arrays(op, **{path: leaf})[0] for path, leaf in _walk(op, name, tree)}
    if not found:
        raise ValueError(f"{op.__name__}: {name} must hold at least one array, but it is {tree!r}")
    return found


def plain(leaf: object) -> bool:
    """Whether it is an array of float32 or float64, and no subclass: what needs no closer look."""
    return type(leaf) is np.ndarray and (leaf.dtype is FLOAT64 or leaf.dtype is FLOAT32)


def alike(leaf: FloatArray, other: object) -> bool:
    """Whether the other is an array of the dtype and shape of a plain leaf."""
    return type(other) is np.ndarray and other.dtype is leaf.dtype and other.shape == leaf.shape


def arrays_in(op: Callable[..., object], name: str, tree: Tree) -> list[FloatArray]:
    """The arrays of `tree` without their names, which cost more than a step of a small network."""
    found: list[FloatArray] = []
    return found if _gathered(tree, found) and found else list(leaves(op, name, tree).values())


def leaves_like(op: Callable[..., object], name: str, tree: Tree, like_name: str, like: Tree) -> list[FloatArray]:
    """The arrays of `tree` in the order of those of `like`, whose structure, shapes and dtypes it must have.

    Raises TypeError where a leaf is missing, is None or has another dtype, and ValueError where keys, counts or shapes
    differ.
    """
    found: list[FloatArray] = []
    if not _gathered_like(tree, like, found):
        found.clear()
        _match(op, name, tree, like_name, like, found)
    return found


def rebuilt(tree: Tree, values: Iterator[FloatArray]) -> Tree:
    """A tree of the structure of `tree`, whose leaves are the next of `values`."""
    if type(tree) is dict:
        return {key: rebuilt(part, values) for key, part in tree.items()}
    if type(tree) is tuple:
        return tuple([rebuilt(part, values) for part in tree])
    if type(tree) is list:
        return [rebuilt(part, values) for part in tree]
    return next(values)


def _gathered(tree: Tree, found: list[FloatArray]) -> bool:
    """Whether all leaves are plain arrays of plain floats, which are put into `found`."""
    kind = type(tree)
    if kind is np.ndarray:
        found.append(tree)
        return plain(tree)
    if kind is dict:
        for key, part in tree.items():
            if type(key) is not str or not _gathered(part, found):
                return False
        return True
    if kind is not tuple and kind is not list:
        return False
    for part in tree:
        if not _gathered(part, found):
            return False
    return True


def _gathered_like(tree: Tree, like: Tree, found: list[FloatArray]) -> bool:
    """Whether `tree` is like `like`, which is known to be good, at every leaf; its leaves are put into `found`."""
    kind = type(like)
    if kind is np.ndarray:
        found.append(tree)
        return alike(like, tree)
    if type(tree) is not kind or len(tree) != len(like):
        return False
    if kind is dict:
        for key, part in like.items():
            if key not in tree or not _gathered_like(tree[key], part, found):
                return False
        return True
    for part, other in zip(tree, like, strict=True):
        if not _gathered_like(part, other, found):
            return False
    return True


def _walk(op: Callable[..., object], name: str, tree: Tree) -> Iterator[tuple[str, object]]:
    if type(tree) is dict:
        for key, part in tree.items():
            if type(key) is not str:
                raise TypeError(f"{op.__name__}: the keys of {name} must be strings, but one is {key!r}")
            yield from _walk(op, f"{name}[{key!r}]", part)
    elif type(tree) is list or type(tree) is tuple:
        for place, part in enumerate(tree):
            yield from _walk(op, f"{name}[{place}]", part)
    elif isinstance(tree, dict | list | tuple):
        raise TypeError(
            f"{op.__name__}: {name} must be a dict, list, tuple or array, but it is of type {type(tree).__name__}, "
            "which could not be built again"
        )
    else:
        yield name, tree


def _match(
    op: Callable[..., object], name: str, tree: Tree, like_name: str, like: Any, found: list[FloatArray]
) -> None:
    if type(like) is np.ndarray:
        # Good input leaves here after a few comparisons: a small array takes no longer to step than to look at.
        if alike(like, tree):
            found.append(tree)
        else:
            found.append(_fitting(op, name, tree, like_name, like))
        return
    if not isinstance(like, dict | list | tuple):
        found.append(_fitting(op, name, tree, like_name, like))
        return
    if type(tree) is not type(like):
        kind = "None" if tree is None else f"of type {type(tree).__name__}"
        raise TypeError(f"{op.__name__}: {name} must be a {type(like).__name__} as {like_name} is, but it is {kind}")
    if len(tree) != len(like) or (type(like) is dict and set(tree) != set(like)):
        raise ValueError(
            f"{op.__name__}: needs one entry of {name} for each of {like_name}, {_entries(like)}, "
            f"but there are {_entries(tree)}"
        )
    for key in like if type(like) is dict else range(len(like)):
        _match(op, f"{name}[{key!r}]", tree[key], f"{like_name}[{key!r}]", like[key], found)


def _fitting(op: Callable[..., object], name: str, leaf: object, like_name: str, like: FloatArray) -> FloatArray:
    """`leaf` as a plain array of the dtype and shape of `like`, or the sentence that says what is wrong with it."""
    if leaf is None:
        raise TypeError(f"{op.__name__}: {name} is None, so {like_name} cannot be fitted")
    _, array = float_arrays(op, **{like_name: like, name: leaf})
    if array.shape != like.shape:
        raise ValueError(
            f"{op.__name__}: {name} must have the shape of {like_name}, {like.shape}, but its shape is {array.shape}"
        )
    return array


def _entries(tree: Tree) -> str:
    if type(tree) is dict:
        return ", ".join(map(repr, tree)) or "none"
    return str(len(cast(list[object], tree)))
