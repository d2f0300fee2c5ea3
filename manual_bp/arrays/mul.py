"""Multiplication, entry by entry, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import operands, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent


@signature("(m,n),(m,n)->(m,n)")
def mul(
    x: FloatArray, other: FloatArray | float
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Product, y = x * other, entry by entry.

    The shapes broadcast against each other; a Python number stands for an array of shape ().

    Derivation. The differential is other dx + x dother, so the gradient with respect to x is dy * other, and
    the one with respect to other dy * x: each is the slope of the other one. An input that was repeated gathers
    the gradients of its copies.

    The closure keeps both inputs.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = mul(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> y
    array([3., 8.])
    >>> vjp(np.array([1.0, -1.0]))
    (array([ 3., -4.]), array([ 1., -2.]))
    """
    x, other = operands(mul, x, other)
    y = np.asarray(x * other)
    shape, dtype = y.shape, y.dtype

    def mul_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(mul, dy, shape, dtype)
        dx = summed_to(dy * other, x.shape)
        dother = summed_to(dy * x, other.shape)
        return dx, dother

    return y, mul_vjp
