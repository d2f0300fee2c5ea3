"""Softmax along one axis and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, one_axis
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(n,c)->(n,c)")
def softmax(x: FloatArray, *, dim: int = -1) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Softmax, y = exp(x) / sum of exp(x) over `dim`; `x` has at least one axis, and `y` its shape.

    The largest entry is subtracted first. That changes no quotient, and keeps every exponent at most 0.

    Derivation. Along the axis, log y[i] = x[i] - log sum exp(x), whose differential is dx[i] - sum over k of
    y[k] dx[k]. So y[i] changes by y[i] (dx[i] - sum over k of y[k] dx[k]), and the cost by the sum over i of
    dy[i] times that. Collecting what multiplies dx[k], the gradient is y[k] (dy[k] - sum over i of dy[i] y[i]).

    The closure keeps `y` alone: the slope is a function of the output.

    Raises TypeError when `x` is not a floating array or `dim` is not an integer, and ValueError when `x` has no
    such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = softmax(np.log(np.array([[1.0, 3.0]])))
    >>> y
    array([[0.25, 0.75]])
    >>> (dx,) = vjp(np.array([[2.0, -2.0]]))
    >>> dx
    array([[ 0.75, -0.75]])
    """
    x = float_array(softmax, x)
    axis = one_axis(softmax, dim, x.ndim)
    at_least_one_entry(softmax, x, (axis,))
    y = x - x.max(axis=axis, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=axis, keepdims=True)

    def softmax_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(softmax, dy, y.shape, y.dtype)
        dx = y * (dy - (dy * y).sum(axis=axis, keepdims=True))
        return (dx,)

    return y, softmax_vjp
