"""Sums over axes and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import kept, several_axes
from .._signature import signature
from .._sums import summed
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def sum(
    x: FloatArray, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Sum of `x` over `dim`.

    `dim` is an axis, several, or None for all; with `keepdim` they stay in the shape of y with size 1.

    Derivation. Each entry enters the sum that it belongs to once, so the gradient with respect to it is that
    sum's: dy is repeated along the axes that were summed over.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = sum(np.array([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    >>> y
    array([4., 6.])
    >>> vjp(np.array([10.0, 20.0]))
    (array([[10., 20.],
           [10., 20.]]),)
    """
    x = float_array(sum, x)
    axes = several_axes(sum, dim, x.ndim)
    boolean(sum, "keepdim", keepdim)
    y = summed(x, axes, keepdims=keepdim)
    shape = x.shape
    y_shape, dtype = y.shape, y.dtype

    def sum_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(sum, dy, y_shape, dtype)
        return (np.broadcast_to(dy if keepdim else kept(dy, axes), shape).copy(),)

    return y, sum_vjp
