"""Arrays put beside each other along a new axis, and the backward pass."""

from collections.abc import Callable, Sequence

import numpy as np

from .._axes import one_axis
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from .concatenate import several_arrays


def stack(
    tensors: Sequence[FloatArray], *, dim: int = 0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[tuple[FloatArray, ...]]]]:
    """The arrays, of one shape, beside each other along a new axis `dim`.

    `tensors` is one input, a tuple of arrays, and its gradient a tuple of as many.

    Derivation. Every entry goes to a place of its own and stays as it is, so its gradient comes back from
    there: the k-th array gets the k-th slice of dy.

    The closure keeps nothing but the shape.

    Raises TypeError when `tensors` is not a tuple of floating arrays of one dtype, and ValueError when it is
    empty, there is no such axis, or the shapes differ; the vjp raises ValueError when `dy` is not shaped like
    `y`.

    >>> import numpy as np
    >>> y, vjp = stack((np.array([1.0, 2.0]), np.array([3.0, 4.0])), dim=1)
    >>> y
    array([[1., 3.],
           [2., 4.]])
    >>> vjp(np.array([[5.0, 6.0], [7.0, 8.0]]))
    ((array([5., 7.]), array([6., 8.])),)
    """
    arrays = several_arrays(stack, tensors)
    axis = one_axis(stack, dim, arrays[0].ndim + 1)
    for place, array in enumerate(arrays):
        if array.shape != arrays[0].shape:
            raise ValueError(
                f"stack: all arrays must have one shape, but tensors[0] is {arrays[0].shape} and "
                f"tensors[{place}] is {array.shape}"
            )
    y = np.stack(arrays, axis=axis)
    y_shape, dtype = y.shape, y.dtype

    def stack_vjp(dy: Cotangent) -> tuple[tuple[FloatArray, ...]]:
        dy = cotangent(stack, dy, y_shape, dtype)
        return (tuple(part.copy() for part in np.moveaxis(dy, axis, 0)),)

    return y, stack_vjp
