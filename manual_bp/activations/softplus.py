"""The smooth rectifier and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array, positive_number
from ..activations.sigmoid import logistic


@signature("(m,n)->(m,n)")
def softplus(
    x: FloatArray, *, beta: float = 1.0, threshold: float = 20.0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Softplus, y = log(1 + exp(beta x)) / beta, and y = x where beta x > threshold, for `x` of any shape.

    The larger of 0 and beta x is taken out of the logarithm, log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)),
    so that no exponent is above 0.

    Derivation. With z = beta x, the differential of log(1 + exp(z)) is exp(z) / (1 + exp(z)) dz, the sigmoid of
    z times beta dx; the division by beta takes beta away again. So the gradient with respect to x is dy *
    sigmoid(beta x), and dy where y = x. There y jumps by exp(-threshold) / beta, as PyTorch's does.

    The closure keeps the slope, which needs no exponential that the forward would not have to compute again.

    Raises TypeError when `x` is not a floating array or an option not a number, and ValueError when `beta` is
    not above 0 or an option not finite; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = softplus(np.array([-1.0, 0.0, 30.0]))
    >>> y.round(4)
    array([ 0.3133,  0.6931, 30.    ])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.2689,  0.5   , -2.    ])
    """
    x = float_array(softplus, x)
    shape, dtype = x.shape, x.dtype
    beta = positive_number(softplus, "beta", beta)
    threshold = finite_number(softplus, "threshold", threshold)
    z = beta * x
    linear = z > threshold
    y = np.asarray((np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))) * ~linear) / beta)
    slope = np.maximum(logistic(np.asarray(z)), linear)

    def softplus_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(softplus, dy, shape, dtype)
        return (np.asarray(dy * slope),)

    return y, softplus_vjp
