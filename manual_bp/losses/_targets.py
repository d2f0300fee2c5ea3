"""Targets that are no numbers to differentiate: signs, class indices, and the weights of classes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray, IntegerArray
from .._validation import integer_array


def signs(op: Callable[..., object], target: object, shape: tuple[int, ...]) -> IntegerArray:
    """Return `target` as an array; an error unless it holds the integers 1 and -1, in this shape."""
    array = integer_array(op, "target", target)
    if array.shape != shape:
        raise ValueError(f"{op.__name__}: target must have the shape {shape}, but it is {array.shape}")
    other = array[(array != 1) & (array != -1)]
    if other.size:
        raise ValueError(f"{op.__name__}: target must hold 1 and -1 only, but it holds {other[0]}")
    return array


def class_indices(
    op: Callable[..., object],
    name: str,
    target: object,
    shape: tuple[int, ...],
    classes: int,
    ignored: int | None = None,
) -> IntegerArray:
    """Return `target` as an array; an error unless it holds integers from 0 to classes - 1, or `ignored`."""
    array = integer_array(op, name, target)
    if array.shape != shape:
        raise ValueError(f"{op.__name__}: {name} must have the shape {shape}, but it is {array.shape}")
    outside = (array < 0) | (array >= classes)
    if outside.any() and (ignored is None or (outside := outside & (array != ignored)).any()):
        place = np.argwhere(outside)[0]
        where = ", ".join(map(str, place))
        raise ValueError(
            f"{op.__name__}: {name} must lie in [0, {classes}), since there are {classes} classes, "
            f"but {name}[{where}] is {array[tuple(place)]}"
        )
    return array


def class_weights(
    op: Callable[..., object], weight: npt.NDArray[Any] | None, classes: int, dtype: np.dtype[Any]
) -> FloatArray | None:
    """Return `weight` in this dtype, or None; an error unless it holds a number for each class."""
    if weight is None:
        return None
    if not isinstance(weight, np.ndarray) or weight.dtype.kind != "f":
        kind = getattr(weight, "dtype", type(weight).__name__)
        raise TypeError(f"{op.__name__}: weight must be an array of floating-point numbers, but it is of {kind}")
    if weight.shape != (classes,):
        raise ValueError(f"{op.__name__}: weight must have the shape ({classes},), but it is {weight.shape}")
    return weight.astype(dtype, copy=False)
