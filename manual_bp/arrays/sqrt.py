"""The square root and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def sqrt(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Square root, y = sqrt(x), for `x` of any shape, with entries of at least 0.

    Derivation. The differential of y * y = x gives 2 y dy = dx (dy for once the change of y), so the gradient
    with respect to x is dy / (2 y). At x = 0 the slope is infinite, and so is the gradient, as by PyTorch.

    The closure keeps `y` alone: the slope is a function of the output.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = sqrt(np.array([1.0, 4.0]))
    >>> y
    array([1., 2.])
    >>> vjp(np.array([3.0, 1.0]))
    (array([1.5 , 0.25]),)
    """
    x = float_array(sqrt, x)
    y = np.asarray(np.sqrt(x))

    def sqrt_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(sqrt, dy, y.shape, y.dtype)
        return (np.asarray(dy / (2.0 * y)),)

    return y, sqrt_vjp
