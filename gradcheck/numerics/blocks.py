"""Large arrays a block at a time: what several passes over one block need stays in cache, and no temporary is large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .limits import BLOCK, SMALL, SMALLEST_SQUARE
from .tolerance import Array, within


def blocks(first: Array, *others: Array | None) -> Iterable[tuple[Any, ...]]:
    """The same entries of each of these arrays of one shape (None stays None), as views that may be written to.

    All at once where they are few; along the first axis where not all lie in memory in the order of their indices.
    """
    if first.size <= BLOCK:
        return ((first, *others),)
    return _cut((first, *others))


def _cut(arrays: Sequence[Array | None]) -> Iterator[tuple[Any, ...]]:
    first = arrays[0]
    assert first is not None
    length, step = first.size, BLOCK
    if all(array is None or array.flags.c_contiguous for array in arrays):
        arrays = [None if array is None else array.reshape(-1) for array in arrays]
    else:
        length, step = len(first), max(1, BLOCK * len(first) // first.size)
    for start in range(0, length, step):
        yield tuple(None if array is None else array[start : start + step] for array in arrays)


def fitting(room: Array | None, block: Array, dtype: npt.DTypeLike) -> Array:
    """Room for what is computed of a block: that of the last one where it fits, since fresh memory costs more."""
    return np.empty(block.shape, dtype) if room is None or room.shape != block.shape else room


def copied(array: Array) -> Array:
    """A copy in the same memory layout."""
    return np.array(array, copy=True, order="K")


def same(left: Array, right: Array) -> bool:
    """Whether two arrays hold the same numbers, NaN among them; of small ones the bytes mostly tell."""
    if left.shape != right.shape:
        return False
    if left.size <= SMALL and left.dtype == right.dtype and left.tobytes() == right.tobytes():
        return True
    if all(np.array_equal(a, b) for a, b in blocks(left, right)):
        return True
    return np.array_equal(left, right, equal_nan=True)  # makes copies


def all_nonzero(array: Array) -> bool:
    """Whether no entry is zero."""
    return bool(np.logical_and.reduce(array, axis=None))


def any_nonzero(array: Array) -> bool:
    """Whether some entry is not zero; mostly the first one tells."""
    return bool(array.size and (array.item(0) or array.any()))


def root(square: float, total: float) -> float:
    """The root of a sum of squares; ``|total|``, which is larger, where the squares leave the range of floats."""
    return math.sqrt(square) if within(SMALLEST_SQUARE, square) and square < math.inf else abs(total)


def largest_of(array: Array) -> Any:
    """The largest magnitude, 0 of nothing; NaN where there is one."""
    if array.dtype.kind == "c":
        return np.maximum.reduce(np.abs(array), axis=None, initial=0.0)
    least, most = np.minimum.reduce(array, axis=None, initial=0.0), np.maximum.reduce(array, axis=None, initial=0.0)
    return np.maximum(most, -least)
