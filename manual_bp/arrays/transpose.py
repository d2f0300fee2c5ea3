"""Two axes exchanged, and the backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import one_axis
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@signature("(m,n)->(n,m)")
def transpose(
    x: FloatArray, *, dim0: int = 0, dim1: int = 1
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """`x` with the axes `dim0` and `dim1` exchanged, in memory of its own.

    Derivation. Every entry goes to another place and stays as it is, so its gradient comes back from there: the
    same two axes of dy, exchanged.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = transpose(np.array([[1.0, 2.0, 3.0]]))
    >>> y
    array([[1.],
           [2.],
           [3.]])
    >>> vjp(np.array([[4.0], [5.0], [6.0]]))
    (array([[4., 5., 6.]]),)
    """
    x = float_array(transpose, x)
    first, second = one_axis(transpose, dim0, x.ndim, "dim0"), one_axis(transpose, dim1, x.ndim, "dim1")
    y = np.swapaxes(x, first, second).copy()
    shape, dtype = y.shape, y.dtype

    def transpose_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(transpose, dy, shape, dtype)
        return (np.swapaxes(dy, first, second).copy(),)

    return y, transpose_vjp
