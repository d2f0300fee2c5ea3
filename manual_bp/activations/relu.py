"""The rectifier and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def relu(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Rectifier, y = max(x, 0), for `x` of any shape.

    Derivation. Where x > 0 the differential is dx, where x < 0 it is 0; hence the gradient with respect to x is
    dy where x > 0 and 0 elsewhere. At the kink x = 0 every number from 0 to 1 is a subgradient; 0 is returned,
    as by PyTorch.

    The closure keeps the mask x > 0, one byte per entry, and neither `x` nor `y`: the slope is 0 or 1.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = relu(np.array([-1.5, 0.0, 2.0]))
    >>> y
    array([0., 0., 2.])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx
    array([ 0.,  0., -2.])
    """
    x = float_array(relu, x)
    dtype = x.dtype
    # NumPy turns a result of shape () into a scalar; asarray keeps it an array.
    y = np.asarray(np.maximum(x, 0.0))
    positive = np.asarray(x > 0)

    def relu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(relu, dy, positive.shape, dtype)
        # a product with 0 or 1, which is many times faster than np.where on a mask without pattern
        return (np.asarray(dy * positive),)

    return y, relu_vjp
