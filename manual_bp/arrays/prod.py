"""Products over an axis and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import kept, one_axis, several_axes
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def prod(
    x: FloatArray, *, dim: int | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Product of `x`: of all entries, or along the axis `dim`.

    With `keepdim` the axes stay in the shape of y with size 1.

    Derivation. The slope in one entry is the product of all others. It is made of the product of those before
    and of those after it, not as y / x, which says nothing where an entry is 0: one zero among the entries
    leaves the slope of that one, two leave none. The gradient with respect to x is dy times these products.

    The closure keeps `x`.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = prod(np.array([2.0, 0.0, 4.0]))
    >>> y
    array(0.)
    >>> vjp(1.0)
    (array([0., 8., 0.]),)
    """
    x = float_array(prod, x)
    boolean(prod, "keepdim", keepdim)
    axes = several_axes(prod, dim if dim is None else one_axis(prod, dim, x.ndim), x.ndim)
    y = np.asarray(x.prod(axis=axes, keepdims=keepdim, dtype=np.float64)).astype(x.dtype, copy=False)
    shape, dtype = y.shape, y.dtype

    def prod_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(prod, dy, shape, dtype)
        if dim is None:
            return (dy.reshape(()) * _products_of_others(x.reshape(-1)).reshape(x.shape),)
        others = np.moveaxis(_products_of_others(np.moveaxis(x, axes[0], -1)), -1, axes[0])
        return (np.asarray((dy if keepdim else kept(dy, axes)) * others),)

    return y, prod_vjp


def _products_of_others(x: FloatArray) -> FloatArray:
    """For each entry, the product of all others along the last axis."""
    before, after = np.ones(x.shape), np.ones(x.shape)  # in float64: a rounding stays in all that follow
    np.cumprod(x[..., :-1], axis=-1, out=before[..., 1:])
    np.cumprod(x[..., :0:-1], axis=-1, out=after[..., -2::-1])
    before *= after
    return before.astype(x.dtype, copy=False)
