"""The matrix product and its backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._broadcasting import summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs


@signature("(m,k),(k,n)->(m,n)")
def matmul(x: FloatArray, other: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Matrix product, y = x @ other, with `x` (..., m, k) and `other` (..., k, n); y is (..., m, n).

    The axes in front broadcast against each other. A vector (k,) stands for one row on the left, one column on
    the right, and its axis is missing in y.

    Derivation. y[m, n] = sum over k of x[m, k] other[k, n]. x[m, k] meets other[k, n] in every column n, so the
    gradient with respect to x is dy @ other.T; other[k, n] meets x[m, k] in every row m, so its gradient is x.T
    @ dy. A matrix that was repeated gathers the gradients of its copies.

    The closure keeps both inputs: each is the slope of the other one.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when an input
    has no axis or the shapes do not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = matmul(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    >>> y
    array([[11.]])
    >>> vjp(np.array([[2.0]]))
    (array([[6., 8.]]), array([[2.],
           [4.]]))
    """
    x, other = float_inputs(matmul, x, other)
    _check_shapes(x, other)
    rows = x if x.ndim > 1 else x[None, :]
    columns = other if other.ndim > 1 else other[:, None]
    y = np.asarray(x @ other)
    shape, dtype = y.shape, y.dtype

    def matmul_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(matmul, dy, shape, dtype)
        if x.ndim == 1:
            dy = np.expand_dims(dy, -1 if other.ndim == 1 else -2)
        if other.ndim == 1:
            dy = np.expand_dims(dy, -1)
        count = math.prod(rows.shape[:-1])
        if columns.ndim == 2:  # one matrix for all: the rows of all stacks are one matrix too
            dother: FloatArray = rows.reshape(count, rows.shape[-1]).T @ dy.reshape(count, dy.shape[-1])
        else:
            dother = summed_to(np.swapaxes(rows, -1, -2) @ dy, columns.shape)
        dx = summed_to(dy @ np.swapaxes(columns, -1, -2), rows.shape)
        return dx.reshape(x.shape), dother.reshape(other.shape)

    return y, matmul_vjp


def _check_shapes(x: FloatArray, other: FloatArray) -> None:
    if x.ndim == 0 or other.ndim == 0:
        raise ValueError(f"matmul: x and other need an axis, but x is {x.shape} and other is {other.shape}")
    if x.shape[-1] != other.shape[-2 if other.ndim > 1 else 0]:
        raise ValueError(
            f"matmul: the last axis of x must be as long as the last but one of other, "
            f"but x is {x.shape} and other is {other.shape}"
        )
    if x.ndim > 2 and other.ndim > 2:
        try:
            np.broadcast_shapes(x.shape[:-2], other.shape[:-2])
        except ValueError:
            raise ValueError(
                f"matmul: the axes in front do not broadcast: x is {x.shape}, other is {other.shape}"
            ) from None
