"""Entries taken by their place, and the backward pass."""

from collections.abc import Callable

import numpy as np

from .._typing import Cotangent, FloatArray, IntegerArray
from .._validation import cotangent, float_array, integer_array
from ._positions import added_at, inside


def take(x: FloatArray, index: IntegerArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """The entries of `x`, laid out flat in the order of rows, at the places `index`; y has the shape of `index`.

    A place below 0 counts from the end.

    Derivation. Every y is a copy of the entry at its place, so an entry gathers the gradients of all its
    copies: each dy is added at its place. An entry that nobody took has the gradient 0. The gradient of the
    index is None: it does not exist.

    The closure keeps the places.

    Raises TypeError when `x` is not a floating array or `index` not an integer one, and ValueError when a place
    is outside; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = take(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([3, 0, 3]))
    >>> y
    array([4., 1., 4.])
    >>> vjp(np.array([1.0, 10.0, 100.0]))[0]
    array([[ 10.,   0.],
           [  0., 101.]])
    """
    x = float_array(take, x)
    index = integer_array(take, "index", index)
    inside(take, index, -x.size, x.size)
    shape = x.shape
    places = np.where(index < 0, index + x.size, index)
    y = np.asarray(x.reshape(-1)[places])
    y_shape, dtype = y.shape, y.dtype

    def take_vjp(dy: Cotangent) -> tuple[FloatArray, None]:
        dy = cotangent(take, dy, y_shape, dtype)
        return added_at(places, dy, shape), None

    return y, take_vjp
