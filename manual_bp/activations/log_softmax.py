"""The logarithm of softmax along one axis, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, one_axis
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(n,c)->(n,c)")
def log_softmax(x: FloatArray, *, dim: int = -1) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Logarithm of softmax, y = x - log of the sum of exp(x) over `dim`; `x` has at least one axis.

    The largest entry is subtracted first. That leaves y as it is, and keeps every exponent at most 0.

    Derivation. Along the axis, y[i] changes by dx[i] - sum over k of p[k] dx[k], with p = exp(y) the softmax.
    The cost changes by the sum over i of dy[i] times that. Collecting what multiplies dx[k], the gradient is
    dy[k] - p[k] * sum over i of dy[i].

    The closure keeps `y` alone: p is its exponential.

    Raises TypeError when `x` is not a floating array or `dim` is not an integer, and ValueError when `x` has no
    such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = log_softmax(np.log(np.array([[1.0, 3.0]])))
    >>> y.round(4)
    array([[-1.3863, -0.2877]])
    >>> (dx,) = vjp(np.array([[2.0, 2.0]]))
    >>> dx
    array([[ 1., -1.]])
    """
    x = float_array(log_softmax, x)
    axis = one_axis(log_softmax, dim, x.ndim)
    at_least_one_entry(log_softmax, x, (axis,))
    y = x - x.max(axis=axis, keepdims=True)
    y -= np.log(np.exp(y).sum(axis=axis, keepdims=True))

    def log_softmax_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(log_softmax, dy, y.shape, y.dtype)
        p = np.exp(y)
        return (dy - p * dy.sum(axis=axis, keepdims=True),)

    return y, log_softmax_vjp
