"""Subtraction and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import operands, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number


@signature("(m,n),(m,n)->(m,n)")
def sub(
    x: FloatArray, other: FloatArray | float, *, alpha: float = 1.0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Difference, y = x - alpha * other, entry by entry.

    The shapes broadcast against each other; a Python number stands for an array of shape (). `alpha` is a
    number.

    Derivation. The differential is dx - alpha dother, so the gradient with respect to x is dy, and the one with
    respect to other -alpha * dy. An input that was repeated gathers the gradients of its copies.

    The closure keeps alpha, and the shapes.

    Raises TypeError when an input is not a floating array or the dtypes differ or `alpha` is not a number, and
    ValueError when the shapes do not broadcast or `alpha` is not finite; the vjp raises ValueError when `dy` is
    not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = sub(np.array([1.0, 2.0]), np.array([10.0]))
    >>> y
    array([-9., -8.])
    >>> vjp(np.ones(2))
    (array([1., 1.]), array([-2.]))
    """
    x, other = operands(sub, x, other)
    alpha = finite_number(sub, "alpha", alpha)
    y = np.asarray(x - alpha * other)
    x_shape, other_shape, shape, dtype = x.shape, other.shape, y.shape, y.dtype

    def sub_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(sub, dy, shape, dtype)
        dx = summed_to(dy.copy(), x_shape)
        dother = summed_to(-alpha * dy, other_shape)
        return dx, dother

    return y, sub_vjp
