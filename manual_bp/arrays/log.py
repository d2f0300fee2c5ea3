"""The logarithm and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def log(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Natural logarithm, y = log(x), for `x` of any shape, with entries above 0.

    Derivation. Since exp(y) = x, the differential is dx / x, so the gradient with respect to x is dy / x.

    The closure keeps `x`.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = log(np.array([1.0, 4.0]))
    >>> y.round(4)
    array([0.    , 1.3863])
    >>> vjp(np.array([3.0, 1.0]))
    (array([3.  , 0.25]),)
    """
    x = float_array(log, x)
    y = np.asarray(np.log(x))
    shape, dtype = y.shape, y.dtype

    def log_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(log, dy, shape, dtype)
        return (np.asarray(dy / x),)

    return y, log_vjp
