"""The logarithm of the logistic function, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array
from ..activations.sigmoid import logistic


@signature("(m,n)->(m,n)")
def log_sigmoid(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Logarithm of the sigmoid, y = -log(1 + exp(-x)), for `x` of any shape.

    The smaller of 0 and x is taken out of the logarithm, y = min(x, 0) - log(1 + exp(-|x|)), so that no
    exponent is above 0.

    Derivation. The differential is exp(-x) / (1 + exp(-x)) dx. Multiplied above and below by exp(x), the slope
    is 1 / (1 + exp(x)) = sigmoid(-x), so the gradient with respect to x is dy * sigmoid(-x).

    The closure keeps `x` and not `y`: the slope 1 - exp(y) has lost its digits where y is small.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = log_sigmoid(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([-1.3133, -0.6931, -0.3133])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.7311,  0.5   , -0.5379])
    """
    x = float_array(log_sigmoid, x)
    y = np.asarray(np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x))))

    def log_sigmoid_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(log_sigmoid, dy, x.shape, x.dtype)
        return (np.asarray(dy * logistic(-x)),)

    return y, log_sigmoid_vjp
