"""The mish activation and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array
from ..activations.sigmoid import logistic


@signature("(m,n)->(m,n)")
def mish(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Mish, y = x * tanh(softplus(x)) with softplus(x) = log(1 + exp(x)), for `x` of any shape.

    Derivation. With t = tanh(softplus(x)), the chain rule gives dt = (1 - t**2) sigmoid(x) dx, since the slope
    of softplus is the sigmoid. By the product rule the gradient with respect to x is dy * (t + x sigmoid(x) (1
    - t**2)).

    The closure keeps `x` and t.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = mish(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([-0.3034,  0.    ,  0.8651])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.0592,  0.6   , -2.0981])
    """
    x = float_array(mish, x)
    softplus = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    t = np.tanh(softplus)
    y = np.asarray(x * t)

    def mish_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(mish, dy, x.shape, x.dtype)
        return (np.asarray(dy * (t + x * logistic(x) * (1.0 - t * t))),)

    return y, mish_vjp
