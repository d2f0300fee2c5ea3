"""The sigmoid made of three straight lines, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(m,n)")
def hardsigmoid(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Hard sigmoid, y = min(max(x + 3, 0), 6) / 6, for `x` of any shape.

    Derivation. Between -3 and 3 the differential is dx / 6, beyond it is 0; hence the gradient with respect to
    x is dy / 6 where -3 < x < 3 and 0 elsewhere. At the two kinks every number from 0 to 1/6 is a subgradient;
    0 is returned, as by PyTorch. (In float64 PyTorch 2.13 multiplies by a sixth rounded to float32, which is
    3e-8 off; here it is a division by 6.)

    The closure keeps the mask of the entries between -3 and 3.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = hardsigmoid(np.array([-4.0, 0.0, 1.5]))
    >>> y
    array([0.  , 0.5 , 0.75])
    >>> (dx,) = vjp(np.array([1.0, 3.0, 6.0]))
    >>> dx
    array([0. , 0.5, 1. ])
    """
    x = float_array(hardsigmoid, x)
    shape, dtype = x.shape, x.dtype
    y = np.asarray(np.clip(x + 3.0, 0.0, 6.0) / 6.0)
    between = (x > -3.0) & (x < 3.0)

    def hardsigmoid_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(hardsigmoid, dy, shape, dtype)
        return (np.asarray(dy * between / 6.0),)

    return y, hardsigmoid_vjp
