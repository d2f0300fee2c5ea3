"""The identity cut off at both ends, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array


@signature("(m,n)->(m,n)")
def hardtanh(
    x: FloatArray, *, min_val: float = -1.0, max_val: float = 1.0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Hard tanh, y = min(max(x, min_val), max_val), for `x` of any shape.

    Derivation. Between the two bounds the differential is dx, beyond them it is 0; hence the gradient with
    respect to x is dy where min_val < x < max_val and 0 elsewhere. At the two kinks every number from 0 to 1 is
    a subgradient; 0 is returned, as by PyTorch.

    The closure keeps the mask of the entries between the bounds.

    Raises TypeError when `x` is not a floating array or a bound not a number, and ValueError when a bound is
    not finite or `min_val` not below `max_val`; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = hardtanh(np.array([-2.0, 0.5, 1.0]))
    >>> y
    array([-1. ,  0.5,  1. ])
    >>> (dx,) = vjp(np.array([1.0, 2.0, 3.0]))
    >>> dx
    array([0., 2., 0.])
    """
    x = float_array(hardtanh, x)
    shape, dtype = x.shape, x.dtype
    low, high = finite_number(hardtanh, "min_val", min_val), finite_number(hardtanh, "max_val", max_val)
    if not low < high:
        raise ValueError(f"hardtanh: min_val must be below max_val, but they are {low} and {high}")
    y = np.asarray(np.clip(x, low, high))
    between = (x > low) & (x < high)

    def hardtanh_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(hardtanh, dy, shape, dtype)
        return (np.asarray(dy * between),)

    return y, hardtanh_vjp
