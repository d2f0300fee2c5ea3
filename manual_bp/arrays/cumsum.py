"""Cumulative sums and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import one_axis
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def cumsum(x: FloatArray, *, dim: int = -1) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Cumulative sum along `dim`, y[i] = x[0] + ... + x[i]; `x` has at least one axis, and `y` its shape.

    Derivation. x[k] enters every y[i] with i >= k once, so the gradient with respect to it is the sum of dy[i]
    over i >= k: a cumulative sum from the other end.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = cumsum(np.array([1.0, 2.0, 3.0]))
    >>> y
    array([1., 3., 6.])
    >>> vjp(np.array([1.0, 10.0, 100.0]))
    (array([111., 110., 100.]),)
    """
    x = float_array(cumsum, x)
    axis = one_axis(cumsum, dim, x.ndim)
    y = _sums(x, axis)
    y_shape, dtype = y.shape, y.dtype

    def cumsum_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(cumsum, dy, y_shape, dtype)
        return (np.flip(_sums(np.flip(dy, axis), axis), axis),)

    return y, cumsum_vjp


def _sums(x: FloatArray, axis: int) -> FloatArray:
    # One sum after the other, so the rounding of each would stay in all that follow: they are added in float64.
    return np.cumsum(x, axis=axis, dtype=np.float64).astype(x.dtype, copy=False)
