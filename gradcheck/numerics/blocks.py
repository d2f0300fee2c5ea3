"""Large arrays a block at a time: what several passes over one block need stays in cache, and no temporary is large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .tolerance import Array

_BLOCK = 2**14


def blocks(first: Array, *others: Array | None) -> Iterable[tuple[Any, ...]]:
    """The same entries of each of these arrays of one shape (None stays None), as views that may be written to.

    All at once where they are few; along the first axis where not all lie in memory in the order of their indices.
    """
    if first.size <= _BLOCK:
        return ((first, *others),)
    return _cut((first, *others))


def _cut(arrays: Sequence[Array | None]) -> Iterator[tuple[Any, ...]]:
    first = arrays[0]
    assert first is not None
    length, step = first.size, _BLOCK
    if all(array is None or array.flags.c_contiguous for array in arrays):
        arrays = [None if array is None else array.reshape(-1) for array in arrays]
    else:
        length, step = len(first), max(1, _BLOCK * len(first) // first.size)
    for start in range(0, length, step):
        yield tuple(None if array is None else array[start : start + step] for array in arrays)


def all_nonzero(array: Array) -> bool:
    """Whether no entry is zero."""
    return bool(np.logical_and.reduce(array, axis=None))


def any_nonzero(array: Array) -> bool:
    """Whether some entry is not zero; mostly the first one tells."""
    return bool(array.size and (array.item(0) or array.any()))
