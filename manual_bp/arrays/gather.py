"""Entries gathered along one axis, and the backward pass."""

from collections.abc import Callable

from .._axes import one_axis
from .._typing import Cotangent, FloatArray, IntegerArray
from .._validation import cotangent, float_array
from ._positions import added_at, index_array, positions_along


def gather(
    x: FloatArray, index: IntegerArray, *, dim: int = -1
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """The entries that `index` names along `dim`: y[i, j] = x[i, index[i, j]] for dim=1, and the like for others.

    `index` has as many axes as `x`, and along those other than `dim` is no longer; y has its shape.

    Derivation. Every y is a copy of the entry that its index names, so an entry gathers the gradients of all
    its copies: each dy is added there. An entry that nobody named has the gradient 0. The gradient of the index
    is None: it does not exist.

    The closure keeps where each y came from.

    Raises TypeError when `x` is not a floating array or `index` not an integer one, and ValueError when the
    shapes do not fit, there is no such axis, or an index is outside; the vjp raises ValueError when `dy` is not
    shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = gather(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1, 1], [0, 1]]))
    >>> y
    array([[2., 2.],
           [3., 4.]])
    >>> vjp(np.array([[1.0, 10.0], [100.0, 1000.0]]))[0]
    array([[   0.,   11.],
           [ 100., 1000.]])
    """
    x = float_array(gather, x)
    axis = one_axis(gather, dim, x.ndim)
    index = index_array(gather, index, x.ndim, axis, {"x": x}, x.shape[axis])
    shape, places = x.shape, positions_along(index, axis, x.shape)
    y = x.reshape(-1)[places]
    y_shape, dtype = y.shape, y.dtype

    def gather_vjp(dy: Cotangent) -> tuple[FloatArray, None]:
        dy = cotangent(gather, dy, y_shape, dtype)
        return added_at(places, dy, shape), None

    return y, gather_vjp
