"""The negative and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def neg(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Negative, y = -x, for `x` of any shape.

    Derivation. The differential is -dx, so the gradient with respect to x is -dy.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = neg(np.array([1.0, -2.0]))
    >>> y
    array([-1.,  2.])
    >>> vjp(np.array([3.0, 4.0]))
    (array([-3., -4.]),)
    """
    x = float_array(neg, x)
    y = np.asarray(-x)
    shape, dtype = y.shape, y.dtype

    def neg_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(neg, dy, shape, dtype)
        return (np.asarray(-dy),)

    return y, neg_vjp
