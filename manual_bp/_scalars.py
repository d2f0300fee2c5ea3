"""Numbers as NumPy takes them fastest: beside a small array a Python number costs more than the arithmetic."""

import functools
from typing import Any

import numpy as np

from ._typing import FloatArray


@functools.lru_cache(maxsize=256)  # a training run asks for the same few at each step
def scalar(value: float, dtype: np.dtype[Any]) -> FloatArray:
    """`value` as an array of shape () and this dtype, to the bit what NumPy makes of a Python number beside one.

    NumPy converts a Python number at every call, which takes as long again as to add it to a small array.

    >>> scalar(0.5, np.dtype(np.float32)) * np.ones(2, np.float32)
    array([0.5, 0.5], dtype=float32)
    """
    return _shared(np.array(value, dtype))


@functools.lru_cache(maxsize=256)
def ones(count: int, dtype: np.dtype[Any]) -> FloatArray:
    """`count` ones, by which a product adds up."""
    return _shared(np.ones(count, dtype))


@functools.lru_cache(maxsize=256)
def column_of_ones(count: int, dtype: np.dtype[Any]) -> FloatArray:
    """The same, standing."""
    return _shared(np.ones((count, 1), dtype))


def _shared(array: FloatArray) -> FloatArray:
    """The array, which nobody can write to: it is handed out again."""
    array.flags.writeable = False
    return array
