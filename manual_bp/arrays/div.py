"""Division and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import operands, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent


@signature("(m,n),(m,n)->(m,n)")
def div(
    x: FloatArray, other: FloatArray | float
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Quotient, y = x / other, entry by entry.

    The shapes broadcast against each other; a Python number stands for an array of shape ().

    Derivation. The differential of y * other = x is other dy + y dother = dx (dy for once the change of y), so
    y changes by (dx - y dother) / other. Read off: the gradient with respect to x is dy / other, and the one
    with respect to other -dy / other * y. An input that was repeated gathers the gradients of its copies.

    The closure keeps `other` and `y`.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = div(np.array([1.0, 6.0]), np.array([2.0, 4.0]))
    >>> y
    array([0.5, 1.5])
    >>> dx, dother = vjp(np.array([1.0, 1.0]))
    >>> dx
    array([0.5 , 0.25])
    >>> dother
    array([-0.25 , -0.375])
    """
    x, other = operands(div, x, other)
    y = np.asarray(x / other)
    x_shape = x.shape

    def div_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(div, dy, y.shape, y.dtype)
        quotient = dy / other
        dx = summed_to(quotient, x_shape)
        dother = summed_to(-quotient * y, other.shape)
        return dx, dother

    return y, div_vjp
