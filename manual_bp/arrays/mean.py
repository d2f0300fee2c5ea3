"""Means over axes and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, count_of, kept, several_axes
from .._signature import signature
from .._sums import summed
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def mean(
    x: FloatArray, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Mean of `x` over `dim`.

    `dim` is an axis, several, or None for all; with `keepdim` they stay in the shape of y with size 1.

    Derivation. Each of the n entries of a mean enters it with the factor 1/n, so the gradient with respect to
    it is dy / n, repeated along the axes that were averaged over.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = mean(np.array([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    >>> y
    array([2., 3.])
    >>> vjp(np.array([10.0, 20.0]))
    (array([[ 5., 10.],
           [ 5., 10.]]),)
    """
    x = float_array(mean, x)
    axes = several_axes(mean, dim, x.ndim)
    boolean(mean, "keepdim", keepdim)
    at_least_one_entry(mean, x, axes)
    shape, n = x.shape, count_of(x.shape, axes)
    y = np.asarray(summed(x, axes, keepdims=keepdim) / n)
    y_shape, dtype = y.shape, y.dtype

    def mean_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(mean, dy, y_shape, dtype)
        return (np.broadcast_to((dy if keepdim else kept(dy, axes)) / n, shape).copy(),)

    return y, mean_vjp
