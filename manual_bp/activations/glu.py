"""The gated linear unit and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import one_axis
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array
from ..activations.sigmoid import logistic


@signature("(n,2*c)->(n,c)")
def glu(x: FloatArray, *, dim: int = -1) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Gated linear unit, y = a * sigmoid(b) with a and b the first and the second half of `x` along `dim`.

    Derivation. With s = sigmoid(b), whose differential is s (1 - s) db, the product rule gives s da + a s (1 -
    s) db. So the gradient with respect to a is dy * s, the one with respect to b is dy * a * s * (1 - s) = dy *
    y * (1 - s), and the gradient with respect to x is one beside the other.

    The closure keeps s and `y`; a is needed within y only.

    Raises TypeError when `x` is not a floating array or `dim` is not an integer, and ValueError when `x` has no
    such axis or an odd number of entries along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = glu(np.array([[2.0, -4.0, 0.0, 0.0]]))
    >>> y
    array([[ 1., -2.]])
    >>> (dx,) = vjp(np.array([[1.0, 2.0]]))
    >>> dx
    array([[ 0.5,  1. ,  0.5, -2. ]])
    """
    x = float_array(glu, x)
    axis = one_axis(glu, dim, x.ndim)
    if x.shape[axis] % 2:
        raise ValueError(f"glu: needs an even number of entries along axis {axis}; x is {x.shape}")
    half = x.shape[axis] // 2
    a, b = np.split(x, [half], axis=axis)
    s = logistic(b)
    y = a * s

    def glu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(glu, dy, y.shape, y.dtype)
        da = dy * s
        db = dy * y * (1.0 - s)
        return (np.concatenate((da, db), axis=axis),)

    return y, glu_vjp
