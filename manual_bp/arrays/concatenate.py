"""Arrays put one after the other, and the backward pass."""

from collections.abc import Callable, Sequence

import numpy as np

from .._axes import one_axis
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays, sequence_of_arrays


def concatenate(
    tensors: Sequence[FloatArray], *, dim: int = 0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[tuple[FloatArray, ...]]]]:
    """The arrays one after the other along the axis `dim`, along which alone they may differ.

    `tensors` is one input, a tuple of arrays, and its gradient a tuple of as many.

    Derivation. Every entry goes to a place of its own and stays as it is, so its gradient comes back from
    there: dy is cut where the arrays meet.

    The closure keeps nothing but the shapes.

    Raises TypeError when `tensors` is not a tuple of floating arrays of one dtype, and ValueError when it is
    empty, there is no such axis, or the shapes differ elsewhere; the vjp raises ValueError when `dy` is not
    shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = concatenate((np.array([1.0]), np.array([2.0, 3.0])))
    >>> y
    array([1., 2., 3.])
    >>> vjp(np.array([4.0, 5.0, 6.0]))
    ((array([4.]), array([5., 6.])),)
    """
    arrays = several_arrays(concatenate, tensors)
    axis = one_axis(concatenate, dim, arrays[0].ndim)
    for place, array in enumerate(arrays):
        if array.shape[:axis] + array.shape[axis + 1 :] != arrays[0].shape[:axis] + arrays[0].shape[axis + 1 :]:
            raise ValueError(
                f"concatenate: shapes may differ along axis {axis} only, but tensors[0] is {arrays[0].shape} and "
                f"tensors[{place}] is {array.shape}"
            )
    y = np.concatenate(arrays, axis=axis)
    ends = np.cumsum([array.shape[axis] for array in arrays])
    shape, dtype = y.shape, y.dtype

    def concatenate_vjp(dy: Cotangent) -> tuple[tuple[FloatArray, ...]]:
        dy = cotangent(concatenate, dy, shape, dtype)
        return (tuple(part.copy() for part in np.split(dy, ends[:-1], axis=axis)),)

    return y, concatenate_vjp


def several_arrays(op: Callable[..., object], tensors: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Return the arrays as a tuple; an error unless they are floating arrays of one dtype, at least one."""
    sequence_of_arrays(op, "tensors", tensors)
    if not tensors:
        raise ValueError(f"{op.__name__}: tensors must hold at least one array")
    return float_arrays(op, **{f"tensors[{place}]": array for place, array in enumerate(tensors)})
