"""Sums along one axis, whose rounding does not grow with its length."""

import math

import numpy as np

from ._typing import FloatArray

SHORT = 32  # entries along an axis: so few, added one after the other, round no more than the blocks below


def summed(x: FloatArray, axes: tuple[int, ...], *, keepdims: bool = False) -> FloatArray:
    """The sum of `x` over these axes.

    NumPy adds pairwise along the last axis, but row after row along any other, where each addition rounds the whole sum
    so far: in float32, over 5,000 rows, ten times as much is lost. So a long axis is cut into as many blocks as
    a block has rows, which takes no longer.

    >>> summed(np.ones((100, 2)), (0,))
    array([100., 100.])
    """
    if len(axes) != 1 or axes[0] == x.ndim - 1 or x.shape[axes[0]] <= SHORT:
        return np.asarray(x.sum(axis=axes, keepdims=keepdims))
    (axis,) = axes
    length = x.shape[axis]
    rows = math.isqrt(length)
    whole = length - length % rows
    before = (slice(None),) * axis
    blocks = x[(*before, slice(whole))].reshape(*x.shape[:axis], whole // rows, rows, *x.shape[axis + 1 :])
    total = blocks.sum(axis=axis + 1).sum(axis=axis, keepdims=keepdims)
    if whole < length:
        total += x[(*before, slice(whole, None))].sum(axis=axis, keepdims=keepdims)
    return np.asarray(total)
