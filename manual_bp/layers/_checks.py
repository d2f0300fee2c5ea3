"""One clear sentence for what layers and attention are given: shapes, optional arrays, sizes along the spatial axes."""

import math
from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import ndarray

from .._typing import FloatArray
from .._validation import float_arrays


def optional_float_array(
    op: Callable[..., object], name: str, value: FloatArray | None, dtype: np.dtype[Any]
) -> FloatArray | None:
    """Return `value` as a plain array, or None as it is; TypeError unless its dtype is that of the first input."""
    if value is None or (type(value) is ndarray and value.dtype is dtype):  # the dtype of what was looked at already
        return value
    (array,) = float_arrays(op, **{name: value})
    if array.dtype != dtype:
        raise TypeError(
            f"{op.__name__}: all floating inputs must have one dtype, but the first is {dtype} and {name} is "
            f"{array.dtype}; convert one of them with astype"
        )
    return array


def with_axes(op: Callable[..., object], name: str, array: npt.NDArray[Any], layout: str) -> None:
    """Raise ValueError unless `array` has the axes that `layout` names, such as "(n, c, height, width)"."""
    if array.ndim != layout.count(",") + 1:
        raise ValueError(f"{op.__name__}: {name} must be {layout}, but its shape is {array.shape}")


def of_shape(
    op: Callable[..., object], name: str, array: npt.NDArray[Any] | None, shape: tuple[int, ...], why: str
) -> None:
    """Raise ValueError unless `array` is None or has this shape; `why` says where the shape comes from."""
    if array is not None and array.shape != shape:
        raise ValueError(f"{op.__name__}: {name} must have shape {shape}, {why}, but its shape is {array.shape}")


def one_for_each_channel(
    op: Callable[..., object], dtype: np.dtype[Any], channels: int, **arrays: FloatArray | None
) -> tuple[FloatArray | None, ...]:
    """Return each as a plain array, or None as it is; an error unless it has this dtype and an entry a channel."""
    found = tuple(optional_float_array(op, name, array, dtype) for name, array in arrays.items())
    for name, array in zip(arrays, found, strict=True):
        of_shape(op, name, array, (channels,), "one entry for each channel of x")
    return found


def per_axis(op: Callable[..., object], name: str, value: object, axes: int, smallest: int) -> tuple[int, ...]:
    """One integer for each spatial axis, from one for all or a tuple of them; an error below `smallest`."""
    if type(value) is int and value >= smallest:
        return (value,) * axes  # as the lines below would answer, in a tenth of their time
    values = (value,) * axes if isinstance(value, Integral) else value
    whole = isinstance(values, tuple | list) and all(isinstance(one, Integral) for one in values)
    if not whole or isinstance(value, bool) or len(values) != axes:  # type: ignore[arg-type]
        tuple_too = f" or a tuple of {axes}" if axes > 1 else ""
        raise TypeError(f"{op.__name__}: {name} must be an integer{tuple_too}, but it is {value!r}")
    found = tuple(int(one) for one in values)  # type: ignore[attr-defined]
    if min(found) < smallest:
        raise ValueError(f"{op.__name__}: {name} must be at least {smallest}, but it is {value!r}")
    return found


def up_to_the_last_given(
    gradients: tuple[FloatArray | None, ...], inputs: tuple[object, ...]
) -> tuple[FloatArray | None, ...]:
    """An entry for each input up to the last that was given: those that were left out behind it have none."""
    count = len(inputs)
    while inputs[count - 1] is None:
        count -= 1
    return gradients[:count]


def normalized_axes(
    op: Callable[..., object], x: FloatArray, normalized_shape: int | tuple[int, ...] | None
) -> tuple[int, ...]:
    """The lengths of the last axes that are normalised; the last axis alone where nothing is said."""
    if normalized_shape is None:
        axes = x.shape[-1:]
    else:
        axes = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not axes or x.shape[x.ndim - len(axes) :] != axes or 0 in axes:
        raise ValueError(
            f"{op.__name__}: the last axes of x must be those that are normalized, {axes}, none of them empty; "
            f"x is {x.shape}"
        )
    return axes


def with_channels(op: Callable[..., object], x: FloatArray) -> tuple[int, int, int]:
    """The numbers of samples, channels and places of `x` (n, c, ...); ValueError without a channel or place."""
    if x.ndim < 2:
        raise ValueError(f"{op.__name__}: x must be (n, c) or (n, c, ...), but its shape is {x.shape}")
    n, c, *spatial = x.shape
    if c == 0 or 0 in spatial:
        raise ValueError(f"{op.__name__}: needs at least one channel and one place; x is {x.shape}")
    return n, c, math.prod(spatial)


def boolean_array(op: Callable[..., object], name: str, value: object) -> npt.NDArray[np.bool_]:
    """Return `value` as a plain array; TypeError unless it is an array of booleans."""
    if not isinstance(value, np.ndarray | np.bool_) or value.dtype != np.bool_:
        kind = value.dtype if isinstance(value, np.ndarray) else type(value).__name__
        raise TypeError(f"{op.__name__}: {name} must be an array of booleans, but it is {kind}")
    return np.asarray(value)
