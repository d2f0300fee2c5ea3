"""Sums whose rounding does not grow with their length, and that take no longer than they must."""

import math

import numpy as np

from ._scalars import column_of_ones, ones
from ._typing import FloatArray, FloatScalar

SHORT = 32  # entries along an axis: so few, added one after the other, round no more than the blocks below
BLOCK = 128  # entries: so many NumPy's own sum adds without halving them, in eight strands, as many as a product has


def sum_of_rows(x: FloatArray) -> FloatArray:
    """The sum of `x` (m, n) over its rows, (n,); of few as a product with ones, which starts sooner than a reduction.

    >>> sum_of_rows(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    count = len(x)
    if count > SHORT:
        return in_blocks(x, 0)
    total: FloatArray = ones(count, x.dtype).dot(x)
    return total


def sum_of_columns(x: FloatArray) -> FloatArray:
    """The sum of `x` (m, n) over its columns, kept as a column (m, 1).

    >>> sum_of_columns(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[3.],
           [7.]])
    """
    count = x.shape[1]
    if count > SHORT:
        return np.asarray(x.sum(axis=1, keepdims=True))
    total: FloatArray = x.dot(column_of_ones(count, x.dtype))
    return total


def summed(x: FloatArray, axes: tuple[int, ...], *, keepdims: bool = False) -> FloatArray:
    """The sum of `x` over these axes.

    >>> summed(np.ones((100, 2)), (0,))
    array([100., 100.])
    """
    if len(axes) != 1:
        return np.asarray(x.sum(axis=axes, keepdims=keepdims))
    (axis,) = axes
    if x.ndim == 2 and not keepdims and (count := x.shape[axis]) <= SHORT:
        row = ones(count, x.dtype)
        product: FloatArray = row.dot(x) if axis == 0 else x.dot(row)
        return product
    return in_blocks(x, axis, keepdims=keepdims)


def in_blocks(x: FloatArray, axis: int, *, keepdims: bool = False) -> FloatArray:
    """The sum of `x` over an axis, which is cut into as many blocks as a block has rows where it is long.

    NumPy adds pairwise along the last axis, but row after row along any other, where each addition rounds the whole sum
    so far: in float32, over 5,000 rows, ten times as much is lost. Blocks take no longer.

    >>> in_blocks(np.ones((100, 2)), 0)
    array([100., 100.])
    """
    length = x.shape[axis]
    if axis == x.ndim - 1 or length <= SHORT:
        return np.asarray(x.sum(axis=axis, keepdims=keepdims))
    rows = math.isqrt(length)
    whole = length - length % rows
    before = (slice(None),) * axis
    blocks = x[(*before, slice(whole))].reshape(*x.shape[:axis], whole // rows, rows, *x.shape[axis + 1 :])
    total = blocks.sum(axis=axis + 1).sum(axis=axis, keepdims=keepdims)
    if whole < length:
        total += x[(*before, slice(whole, None))].sum(axis=axis, keepdims=keepdims)
    return np.asarray(total)


def sum_of_squares(x: FloatArray) -> FloatScalar:
    """The sum of the squares of all entries; of no more than a block as one product, of more pairwise.

    >>> sum_of_squares(np.array([[1.0, 2.0], [3.0, 0.0]]))
    np.float64(14.0)
    """
    if x.size <= BLOCK:
        entries = x.ravel()
        product: FloatScalar = entries.dot(entries)
        return product
    squares: FloatScalar = (x * x).sum()
    return squares
