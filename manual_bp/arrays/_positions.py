"""Where an index along one axis points to, in an array laid out in the order of rows."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray, IntegerArray
from .._validation import integer_array


def positions_along(index: IntegerArray, axis: int, shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """The place, in an array of this shape laid out flat, of each entry that `index` names along `axis`.

    Along the other axes an entry of the index stays where it is.

    >>> positions_along(np.array([[2, 0], [1, 1]]), 1, (2, 3))
    array([[2, 0],
           [4, 4]])
    """
    places = index.astype(np.intp) * math.prod(shape[axis + 1 :])
    for other, size in enumerate(index.shape):
        if other != axis:
            step = math.prod(shape[other + 1 :])
            along = np.arange(0, size * step, step) if step else np.zeros(size, np.intp)
            places += along.reshape(-1, *[1] * (index.ndim - other - 1))
    return places


def index_array(
    op: Callable[..., object], index: object, ndim: int, axis: int, limits: dict[str, npt.NDArray[Any]], size: int
) -> IntegerArray:
    """Return `index` as an array; an error unless it has `ndim` axes, fits, and points into `size` entries.

    Along the axes other than `axis` it may be no longer than each of `limits`, arrays by their names.
    """
    array = integer_array(op, "index", index)
    if array.ndim != ndim:
        raise ValueError(f"{op.__name__}: index must have {ndim} axes, but its shape is {array.shape}")
    for name, other in limits.items():
        for place, (length, limit) in enumerate(zip(array.shape, other.shape, strict=True)):
            if length > limit and (place != axis or name == "src"):
                raise ValueError(
                    f"{op.__name__}: index may not be longer than {name} along axis {place}, "
                    f"but index is {array.shape} and {name} is {other.shape}"
                )
    inside(op, array, 0, size)
    return array


def added_at(places: npt.NDArray[np.integer[Any]], values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Zeros of this shape, to whose places in the order of rows the values are added, in float64.

    >>> added_at(np.array([2, 0, 2]), np.array([1.0, 10.0, 100.0]), (3,))
    array([ 10.,   0., 101.])
    """
    total = np.bincount(places.reshape(-1), weights=values.reshape(-1), minlength=math.prod(shape))
    return total.astype(values.dtype, copy=False).reshape(shape)


def inside(op: Callable[..., object], index: IntegerArray, low: int, high: int) -> None:
    """Raise ValueError unless every entry of the index lies in [low, high)."""
    if index.size and (index.min() < low or index.max() >= high):
        outside = index[(index < low) | (index >= high)].flat[0]
        raise ValueError(f"{op.__name__}: index must lie in [{low}, {high}), but it holds {outside}")
