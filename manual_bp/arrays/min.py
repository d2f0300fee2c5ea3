"""Minima over axes and their backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, kept, one_axis, several_axes
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def min(
    x: FloatArray, *, dim: int | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Minimum of `x`: of all entries, or along the axis `dim`.

    With `keepdim` the axes stay in the shape of y with size 1. Only the values are returned, not where they
    are.

    Derivation. The smallest entry alone moves the result, so the gradient with respect to it is dy, and 0 for
    the others. Where several are tied, every division of dy among them is a subgradient. PyTorch's are
    returned: of all entries each tied one gets an equal share, along an axis the first gets all.

    The closure keeps where the smallest entries are.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = min(np.array([[1.0, 2.0], [4.0, 3.0]]), dim=1)
    >>> y
    array([1., 3.])
    >>> vjp(np.array([10.0, 20.0]))
    (array([[10.,  0.],
           [ 0., 20.]]),)
    """
    x = float_array(min, x)
    boolean(min, "keepdim", keepdim)
    axes = several_axes(min, dim if dim is None else one_axis(min, dim, x.ndim), x.ndim)
    at_least_one_entry(min, x, axes)
    y = np.asarray(x.min(axis=axes, keepdims=keepdim))
    if dim is None:
        tied = x == y
        share = 1.0 / int(np.count_nonzero(tied)) if y == y else math.nan
    else:
        first = x.argmin(axis=axes[0], keepdims=True)
    shape = x.shape
    y_shape, dtype = y.shape, y.dtype

    def min_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(min, dy, y_shape, dtype)
        if dim is None:
            return (np.asarray(tied * (dy.reshape(()) * share)),)
        dx = np.zeros(shape, dy.dtype)
        np.put_along_axis(dx, first, dy if keepdim else kept(dy, axes), axis=axes[0])
        return (dx,)

    return y, min_vjp
