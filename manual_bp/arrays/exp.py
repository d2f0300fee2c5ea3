"""The exponential function and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def exp(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Exponential, y = exp(x), for `x` of any shape.

    Derivation. The differential is exp(x) dx, so the gradient with respect to x is dy * y.

    The closure keeps `y` alone: it is its own slope.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = exp(np.array([0.0, 1.0]))
    >>> y.round(4)
    array([1.    , 2.7183])
    >>> vjp(np.array([3.0, 0.0]))
    (array([3., 0.]),)
    """
    x = float_array(exp, x)
    y = np.asarray(np.exp(x))

    def exp_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(exp, dy, y.shape, y.dtype)
        return (np.asarray(dy * y),)

    return y, exp_vjp
