"""Pooling to a given size: bins that cover an axis as evenly as whole numbers allow."""

import math
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray
from ..arrays._positions import added_at
from ._checks import per_axis
from ._pooling import SPATIAL
from ._windows import Index, Sizes


def _bins(length: int, count: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where the bins of an adaptive pooling start and end: they cover the axis, as evenly as whole numbers allow."""
    place = np.arange(count)
    return place * length // count, -(-(place + 1) * length // count)


def bin_means(length: int, count: int) -> npt.NDArray[np.float64]:
    """The matrix (count, length) of 1 / m[p] where bin p, of m[p] entries, covers an entry, and 0 elsewhere."""
    start, end = _bins(length, count)
    place = np.arange(length)
    covers = (place >= start[:, None]) & (place < end[:, None])
    means: npt.NDArray[np.float64] = covers / covers.sum(axis=1, keepdims=True)
    return means


def along_last(matrix: FloatArray, x: FloatArray) -> FloatArray:
    """x @ matrix.T along the last axis, as one product of two matrices: NumPy would make one of each picture."""
    return (x.reshape(-1, matrix.shape[1]) @ matrix.T).reshape(*x.shape[:-1], matrix.shape[0])


def along_last_two(rows: FloatArray, columns: FloatArray, x: FloatArray) -> FloatArray:
    """rows @ x @ columns.T along the last two axes."""
    return along_last(rows, along_last(columns, x).swapaxes(-1, -2)).swapaxes(-1, -2)


def largest_of_bins(x: FloatArray, counts: Sizes) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """The largest entry of each bin and where it stands among the spatial entries, row by row; the first of several."""
    extent = x.shape[x.ndim - len(counts) :]
    leading = x.shape[: x.ndim - len(counts)]
    numbers = np.arange(math.prod(extent)).reshape(extent)
    place = np.empty((*leading, math.prod(counts)), np.intp)
    for number, entries in enumerate(_rectangles(extent, counts)):
        inside = numbers[entries].ravel()
        winner = x[entries].reshape(*leading, inside.size).argmax(axis=-1)
        place[..., number] = inside[winner]
    flat = x.reshape(*leading, numbers.size)
    return np.take_along_axis(flat, place, axis=-1).reshape(*leading, *counts), place


def to_the_largest_of_bins(dy: FloatArray, place: npt.NDArray[np.intp], extent: Sizes) -> FloatArray:
    """dx: every entry collects dy of the bins that it is the largest of."""
    leading = place.shape[:-1]
    rows, entries = math.prod(leading), math.prod(extent)
    of_row = np.arange(rows)[:, None] * entries
    return added_at(of_row + place.reshape(rows, place.shape[-1]), dy, (*leading, *extent))


def _rectangles(extent: Sizes, counts: Sizes) -> Iterator[Index]:
    """The entries of every bin, row by row."""
    axes = []
    for length, count in zip(extent, counts, strict=True):
        start, end = _bins(length, count)
        axes.append([slice(first, last) for first, last in zip(start, end, strict=True)])
    return ((..., *place) for place in product(*axes))


def output_sizes(op: Callable[..., object], x: FloatArray, axes: int, output_size: object) -> Sizes:
    """The lengths of the axes that an adaptive pooling makes; None in a tuple keeps that of `x`."""
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(
            f"{op.__name__}: x must be (n, c, {SPATIAL[axes]}) or (c, {SPATIAL[axes]}), but its shape is {x.shape}"
        )
    extent = x.shape[x.ndim - axes :]
    if 0 in extent:
        raise ValueError(f"{op.__name__}: needs at least one entry along every spatial axis; x is {x.shape}")
    if isinstance(output_size, tuple | list) and len(output_size) == axes:
        output_size = tuple(own if one is None else one for one, own in zip(output_size, extent, strict=True))
    return per_axis(op, "output_size", output_size, axes, 1)
