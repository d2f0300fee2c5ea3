"""The options `dim` and `keepdim`: which axes an op works along."""

import math
from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt


def one_axis(op: Callable[..., object], dim: int, ndim: int, name: str = "dim") -> int:
    """Return `dim` counted from the front; an error unless it is one of `ndim` axes."""
    if type(dim) is not int and (not isinstance(dim, Integral) or isinstance(dim, bool | np.bool_)):
        raise TypeError(f"{op.__name__}: {name} must be an integer, but it is {dim!r}")
    if not -ndim <= dim < ndim:
        raise ValueError(f"{op.__name__}: {name} must be an axis of an array of {ndim} axes, but it is {dim}")
    return int(dim) % ndim


def several_axes(op: Callable[..., object], dim: int | tuple[int, ...] | None, ndim: int) -> tuple[int, ...]:
    """Return the axes of `dim` counted from the front, all for None; an error unless each is one, and named once."""
    if dim is None:
        return tuple(range(ndim))
    if not isinstance(dim, tuple | list):
        return (one_axis(op, dim, ndim),)
    axes = tuple(one_axis(op, axis, ndim) for axis in dim)
    if len(set(axes)) < len(axes):
        raise ValueError(f"{op.__name__}: dim names an axis twice: {dim!r}")
    return axes


def at_least_one_entry(op: Callable[..., object], x: npt.NDArray[Any], axes: tuple[int, ...]) -> None:
    """Raise ValueError when there is nothing along an axis, where a maximum or a mean has no value."""
    for axis in axes:
        if x.shape[axis] == 0:
            raise ValueError(f"{op.__name__}: needs at least one entry along axis {axis}; x is {x.shape}")


def kept(reduced: npt.NDArray[Any], axes: tuple[int, ...]) -> npt.NDArray[Any]:
    """Put the axes over which an op has reduced back, with size 1, so that the result broadcasts against its input."""
    return np.expand_dims(reduced, axes)


def count_of(shape: tuple[int, ...], axes: tuple[int, ...]) -> int:
    """How many entries a reduction over these axes takes together."""
    return math.prod(shape[axis] for axis in axes)
