"""The hyperbolic tangent and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def tanh(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Hyperbolic tangent, y = sinh(x) / cosh(x), for `x` of any shape.

    Derivation. The quotient rule gives (cosh(x)**2 - sinh(x)**2) / cosh(x)**2 dx = (1 - y**2) dx for the
    differential, hence the gradient with respect to x is dy * (1 - y**2), where y is the output and not the
    input.

    The closure keeps `y` alone: the slope is a function of the output.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = tanh(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([-0.7616,  0.    ,  0.7616])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.42  ,  1.    , -0.8399])
    """
    x = float_array(tanh, x)
    # NumPy turns a result of shape () into a scalar; asarray keeps it an array.
    y = np.asarray(np.tanh(x))

    def tanh_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(tanh, dy, y.shape, y.dtype)
        return (np.asarray(dy * (1.0 - y * y)),)

    return y, tanh_vjp
