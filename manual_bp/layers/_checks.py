"""One clear sentence for what layers and attention are given: shapes, optional arrays, sizes along the spatial axes."""

from collections.abc import Callable
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray
from .._validation import float_arrays


def optional_float_array(
    op: Callable[..., object], name: str, value: FloatArray | None, dtype: np.dtype[Any]
) -> FloatArray | None:
    """Return `value` as a plain array, or None as it is; TypeError unless its dtype is that of the first input."""
    if value is None:
        return None
    (array,) = float_arrays(op, **{name: value})
    if array.dtype != dtype:
        raise TypeError(
            f"{op.__name__}: all floating inputs must have one dtype, but the first is {dtype} and {name} is "
            f"{array.dtype}; convert one of them with astype"
        )
    return array


def with_axes(op: Callable[..., object], name: str, array: npt.NDArray[Any], layout: str) -> None:
    """Raise ValueError unless `array` has the axes that `layout` names, such as "(n, c, height, width)"."""
    if array.ndim != len(layout.split(",")):
        raise ValueError(f"{op.__name__}: {name} must be {layout}, but its shape is {array.shape}")


def of_shape(
    op: Callable[..., object], name: str, array: npt.NDArray[Any] | None, shape: tuple[int, ...], why: str
) -> None:
    """Raise ValueError unless `array` is None or has this shape; `why` says where the shape comes from."""
    if array is not None and array.shape != shape:
        raise ValueError(f"{op.__name__}: {name} must have shape {shape}, {why}, but its shape is {array.shape}")


def per_axis(op: Callable[..., object], name: str, value: object, axes: int, smallest: int) -> tuple[int, ...]:
    """One integer for each spatial axis, from one for all or a tuple of them; an error below `smallest`."""
    values = (value,) * axes if isinstance(value, Integral) else value
    whole = isinstance(values, tuple | list) and all(isinstance(one, Integral) for one in values)
    if not whole or isinstance(value, bool) or len(values) != axes:  # type: ignore[arg-type]
        tuple_too = f" or a tuple of {axes}" if axes > 1 else ""
        raise TypeError(f"{op.__name__}: {name} must be an integer{tuple_too}, but it is {value!r}")
    found = tuple(int(one) for one in values)  # type: ignore[attr-defined]
    if min(found) < smallest:
        raise ValueError(f"{op.__name__}: {name} must be at least {smallest}, but it is {value!r}")
    return found


def non_negative(op: Callable[..., object], name: str, value: object) -> float:
    """Return `value` as a Python float, which promotes no array; an error unless it is finite and at least 0."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{op.__name__}: {name} must be a number, but it is {value!r}")
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError(f"{op.__name__}: {name} must be finite and at least 0, but it is {value!r}")
    return number
