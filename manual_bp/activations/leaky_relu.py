"""The rectifier that leaks, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array


@signature("(m,n)->(m,n)")
def leaky_relu(
    x: FloatArray, *, negative_slope: float = 0.01
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Leaky rectifier, y = x where x > 0 and negative_slope * x elsewhere, for `x` of any shape.

    Derivation. The slope is 1 where x > 0 and negative_slope where x < 0, so the gradient with respect to x is
    dy times that. At the kink x = 0 every number between the two is a subgradient; negative_slope is returned,
    as by PyTorch.

    The closure keeps the slope of each entry, by which the forward multiplies too.

    Raises TypeError when `x` is not a floating array or `negative_slope` not a number, and ValueError when
    `negative_slope` is not finite; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = leaky_relu(np.array([-2.0, 0.0, 2.0]), negative_slope=0.25)
    >>> y
    array([-0.5,  0. ,  2. ])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx
    array([ 0.25,  0.25, -2.  ])
    """
    x = float_array(leaky_relu, x)
    shape, dtype = x.shape, x.dtype
    leak = x.dtype.type(finite_number(leaky_relu, "negative_slope", negative_slope))
    positive = np.asarray(x > 0)
    slope = leak * ~positive + positive
    y = np.asarray(x * slope)

    def leaky_relu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(leaky_relu, dy, shape, dtype)
        return (np.asarray(dy * slope),)

    return y, leaky_relu_vjp
