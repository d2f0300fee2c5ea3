"""The sigmoid-weighted linear unit and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array
from ..activations.sigmoid import logistic


@signature("(m,n)->(m,n)")
def silu(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Sigmoid-weighted linear unit (swish), y = x * sigmoid(x), for `x` of any shape.

    Derivation. With s = sigmoid(x), whose differential is s (1 - s) dx, the product rule gives s dx + x s (1 -
    s) dx. So the gradient with respect to x is dy * s * (1 + x (1 - s)).

    The closure keeps `x` and s = sigmoid(x), which the forward has computed.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = silu(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([-0.2689,  0.    ,  0.7311])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.0723,  0.5   , -1.8553])
    """
    x = float_array(silu, x)
    s = logistic(x)
    y = np.asarray(x * s)

    def silu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(silu, dy, x.shape, x.dtype)
        return (np.asarray(dy * s * (1.0 + x * (1.0 - s))),)

    return y, silu_vjp
