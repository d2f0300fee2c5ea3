"""Inputs that broadcast against each other, and the gradient of one that was repeated."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy import ndarray

from ._typing import FloatArray
from ._validation import FLOAT32, FLOAT64, float_array, float_arrays, float_inputs, named


def operands(
    op: Callable[..., object], x: FloatArray, other: FloatArray | float, names: tuple[str, str] = ("x", "other")
) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of one dtype whose shapes broadcast; a Python number becomes an array of shape ().

    TypeError unless they are floating arrays of one dtype, ValueError unless their shapes broadcast.
    """
    if type(x) is ndarray and type(other) is ndarray:
        dtype = x.dtype
        if dtype is other.dtype and (dtype is FLOAT32 or dtype is FLOAT64) and x.shape == other.shape:
            return x, other  # as the lines below would answer, in half of their time
    if type(other) is float or type(other) is int:
        x = float_array(op, x, names[0])
        return x, np.array(other, x.dtype)
    x, other = float_arrays(op, **{names[0]: x, names[1]: other})
    if x.shape != other.shape:
        broadcast_shape(op, **{names[0]: x, names[1]: other})
    return x, other


def broadcast_shape(op: Callable[..., object], **inputs: npt.NDArray[Any]) -> tuple[int, ...]:
    """The shape that the inputs share after NumPy's broadcasting; ValueError when there is none.

    >>> broadcast_shape(max, x=np.ones((2, 1)), y=np.ones(3))
    (2, 3)
    """
    arrays = iter(inputs.values())
    shape = next(arrays).shape
    for array in arrays:
        if array.shape != shape:
            try:
                return np.broadcast_shapes(*(array.shape for array in inputs.values()))
            except ValueError:
                shapes = ", ".join(f"{name} is {array.shape}" for name, array in inputs.items())
                raise ValueError(
                    f"{op.__name__}: the shapes do not broadcast; aligned at their last axis, sizes must be equal or "
                    f"1, but {shapes}"
                ) from None
    return shape


def shared_shape(op: Callable[..., object], x: npt.NDArray[Any], other: npt.NDArray[Any]) -> tuple[int, ...]:
    """The same of the first two inputs of `op`, whose names are those of its parameters."""
    shape = x.shape
    return shape if other.shape == shape else broadcast_shape(op, **named(op, (x, other)))


def broadcast_inputs(
    op: Callable[..., object], x: FloatArray, other: FloatArray
) -> tuple[FloatArray, FloatArray, tuple[int, ...]]:
    """The first two inputs of `op` as plain arrays of one dtype, and the shape that they share."""
    if type(x) is ndarray and type(other) is ndarray:
        dtype, shape = x.dtype, x.shape
        if other.dtype is dtype and (dtype is FLOAT32 or dtype is FLOAT64) and other.shape == shape:
            return x, other, shape  # as the lines below would answer, in half of their time
    x, other = float_inputs(op, x, other)
    return x, other, shared_shape(op, x, other)


def summed_to(gradient: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Sum `gradient` over the axes along which an input of this shape was repeated.

    An entry that broadcasting repeats reaches the output through each copy, so its gradient is the sum of
    theirs. Where nothing was repeated, `gradient` itself comes back.

    >>> summed_to(np.ones((4, 2, 3)), (2, 1))
    array([[12.],
           [12.]])
    """
    if gradient.shape == shape:
        return np.asarray(gradient)
    in_front = gradient.ndim - len(shape)
    stretched = [
        axis + in_front for axis, size in enumerate(shape) if size == 1 and gradient.shape[axis + in_front] != 1
    ]
    return np.asarray(gradient.sum(axis=(*range(in_front), *stretched))).reshape(shape)
