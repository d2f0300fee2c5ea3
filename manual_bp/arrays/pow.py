"""Powers and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import operands, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent


@signature("(m,n),(m,n)->(m,n)")
def pow(
    x: FloatArray, exponent: FloatArray | float
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Power, y = x**exponent, entry by entry.

    The shapes broadcast against each other; a Python number stands for an array of shape ().

    Derivation. Since y = exp(exponent log x), the differential is exponent x**(exponent - 1) dx + y log(x)
    dexponent, the first also where x is below 0 and the exponent an integer. So the gradient with respect to x
    is dy * exponent * x**(exponent - 1), and 0 where the exponent is 0, also at x = 0. The one with respect to
    the exponent is dy * y * log x, and 0 where x = 0 and exponent >= 0, as by PyTorch: there y is 0 for all
    exponents above 0, and 1 at 0, where it jumps. Where x is below 0 it is NaN, since y is no real number at
    exponents nearby.

    The closure keeps both inputs and `y`.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = pow(np.array([1.0, 2.0, 0.0]), np.array([3.0, 2.0, 2.0]))
    >>> y
    array([1., 4., 0.])
    >>> dx, dexponent = vjp(np.ones(3))
    >>> dx
    array([3., 4., 0.])
    >>> dexponent.round(4)
    array([0.    , 2.7726, 0.    ])
    """
    x, exponent = operands(pow, x, exponent, ("x", "exponent"))
    y = np.asarray(_power(x, exponent))

    def pow_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(pow, dy, y.shape, y.dtype)
        with np.errstate(divide="ignore", invalid="ignore"):  # infinite slopes at 0, and logarithms below it
            slope = np.where(exponent == 0.0, 0.0, exponent * _power(x, exponent - 1.0))
            growth = np.where((x == 0.0) & (exponent >= 0.0), 0.0, y * np.log(x))
        return summed_to(dy * slope, x.shape), summed_to(dy * growth, exponent.shape)

    return y, pow_vjp


def _power(x: FloatArray, exponent: FloatArray) -> FloatArray:
    # NumPy knows squares, roots and the like by a number in this place, and then is many times faster.
    return np.asarray(x ** exponent.item() if exponent.ndim == 0 else x**exponent)
