"""Maxima over axes and their backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, kept, one_axis, several_axes
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def max(
    x: FloatArray, *, dim: int | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Maximum of `x`: of all entries, or along the axis `dim`.

    With `keepdim` the axes stay in the shape of y with size 1. Only the values are returned, not where they
    are.

    Derivation. The largest entry alone moves the result, so the gradient with respect to it is dy, and 0 for
    the others. Where several are tied, every division of dy among them is a subgradient. PyTorch's are
    returned: of all entries each tied one gets an equal share, along an axis the first gets all.

    The closure keeps where the largest entries are.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = max(np.array([[1.0, 2.0], [4.0, 3.0]]), dim=1)
    >>> y
    array([2., 4.])
    >>> vjp(np.array([10.0, 20.0]))
    (array([[ 0., 10.],
           [20.,  0.]]),)
    """
    x = float_array(max, x)
    boolean(max, "keepdim", keepdim)
    axes = several_axes(max, dim if dim is None else one_axis(max, dim, x.ndim), x.ndim)
    at_least_one_entry(max, x, axes)
    y = np.asarray(x.max(axis=axes, keepdims=keepdim))
    if dim is None:
        tied = x == y
        share = 1.0 / int(np.count_nonzero(tied)) if y == y else math.nan
    else:
        first = x.argmax(axis=axes[0], keepdims=True)
    shape = x.shape
    y_shape, dtype = y.shape, y.dtype

    def max_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(max, dy, y_shape, dtype)
        if dim is None:
            return (np.asarray(tied * (dy.reshape(()) * share)),)
        dx = np.zeros(shape, dy.dtype)
        np.put_along_axis(dx, first, dy if keepdim else kept(dy, axes), axis=axes[0])
        return (dx,)

    return y, max_vjp
