"""Entries added where an index points, and the backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import one_axis
from .._typing import Cotangent, FloatArray, IntegerArray
from .._validation import cotangent, float_arrays
from ._positions import added_at, index_array, positions_along


def scatter_add(
    x: FloatArray, index: IntegerArray, src: FloatArray, *, dim: int = -1
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, None, FloatArray]]]:
    """`x` with src[i, j] added at [i, index[i, j]] for dim=1, and the like for other axes; y has the shape of `x`.

    `index` has as many axes as `x` and `src`, and is no longer than either along any but `dim`, where it may be
    longer than `x`. What `src` holds beyond the index is left out.

    Derivation. y is x plus copies of entries of src, so the gradient with respect to x is dy, and the one with
    respect to an entry of src is dy where it was added, and 0 where it was left out. (PyTorch's backward fails
    there.) The gradient of the index is None: it does not exist.

    The closure keeps where each entry was added.

    Raises TypeError when `x` or `src` is not a floating array, their dtypes differ or `index` is not an integer
    array, and ValueError when the shapes do not fit, there is no such axis, or an index is outside; the vjp
    raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = scatter_add(np.zeros((1, 3)), np.array([[2, 2]]), np.array([[1.0, 10.0]]))
    >>> y
    array([[ 0.,  0., 11.]])
    >>> dx, dindex, dsrc = vjp(np.array([[1.0, 2.0, 3.0]]))
    >>> dx
    array([[1., 2., 3.]])
    >>> dsrc
    array([[3., 3.]])
    """
    x, src = float_arrays(scatter_add, x=x, src=src)
    axis = one_axis(scatter_add, dim, x.ndim)
    if src.ndim != x.ndim:
        raise ValueError(f"scatter_add: src must have as many axes as x, but x is {x.shape} and src is {src.shape}")
    index = index_array(scatter_add, index, x.ndim, axis, {"x": x, "src": src}, x.shape[axis])
    places = positions_along(index, axis, x.shape)
    used = tuple(map(slice, index.shape))
    y = x + added_at(places, src[used], x.shape)
    src_shape, shape, dtype = src.shape, y.shape, y.dtype

    def scatter_add_vjp(dy: Cotangent) -> tuple[FloatArray, None, FloatArray]:
        dy = cotangent(scatter_add, dy, shape, dtype)
        dsrc = np.zeros(src_shape, dy.dtype)
        dsrc[used] = dy.reshape(-1)[places]
        return dy.copy(), None, dsrc

    return y, scatter_add_vjp
