"""Entries in another shape, and the backward pass."""

from collections.abc import Callable
from numbers import Integral

from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


def reshape(x: FloatArray, *, shape: tuple[int, ...]) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """`x` in another shape, in memory of its own; one size of `shape` may be -1, and follows from the others.

    Derivation. Every entry keeps its place in the order of rows and stays as it is, so its gradient comes back
    from there: dy in the shape of x.

    The closure keeps nothing but the shape.

    Raises TypeError when `x` is not a floating array or `shape` not a tuple of integers, and ValueError when it
    does not hold as many entries; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = reshape(np.array([[1.0, 2.0], [3.0, 4.0]]), shape=(-1,))
    >>> y
    array([1., 2., 3., 4.])
    >>> vjp(np.array([5.0, 6.0, 7.0, 8.0]))
    (array([[5., 6.],
           [7., 8.]]),)
    """
    x = float_array(reshape, x)
    if not isinstance(shape, tuple | list) or not all(isinstance(size, Integral) for size in shape):
        raise TypeError(f"reshape: shape must be a tuple of integers, but it is {shape!r}")
    try:
        y = x.reshape(tuple(shape)).copy()
    except ValueError:
        raise ValueError(f"reshape: {x.size} entries do not fit the shape {tuple(shape)}; x is {x.shape}") from None
    before = x.shape
    y_shape, dtype = y.shape, y.dtype

    def reshape_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(reshape, dy, y_shape, dtype)
        return (dy.reshape(before).copy(),)

    return y, reshape_vjp
