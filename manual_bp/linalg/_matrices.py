"""Stacks of matrices: their shapes, and the parts that derivations speak of."""

from collections.abc import Callable

import numpy as np

from .._typing import FloatArray
from .._validation import float_array


def matrices(op: Callable[..., object], A: object, name: str = "A") -> FloatArray:
    """Return `A` as an array; an error unless it is a floating array with two axes or more."""
    array = float_array(op, A, name)
    if array.ndim < 2:
        raise ValueError(f"{op.__name__}: {name} must have at least two axes, but its shape is {array.shape}")
    if array.dtype.itemsize not in (4, 8):
        raise TypeError(f"{op.__name__}: {name} must be float32 or float64, but its dtype is {array.dtype}")
    return array


def square_matrices(op: Callable[..., object], A: object, name: str = "A") -> FloatArray:
    """Return `A` as an array; an error unless it is a floating array whose last two axes have one size."""
    array = matrices(op, A, name)
    if array.shape[-1] != array.shape[-2]:
        raise ValueError(f"{op.__name__}: {name} must hold square matrices, but its shape is {array.shape}")
    return array


def transposed(A: FloatArray) -> FloatArray:
    """Each matrix of the stack transposed."""
    return np.swapaxes(A, -1, -2)


def symmetric(A: FloatArray) -> FloatArray:
    """The symmetric part of each matrix, (A + A.T) / 2."""
    return np.asarray(0.5 * (A + transposed(A)))


def lower_half(A: FloatArray) -> FloatArray:
    """The lower triangle of each matrix with half of its diagonal: for a symmetric A, the half that makes up A."""
    half = np.tril(A)
    diagonal = np.einsum("...ii->...i", half)
    diagonal *= 0.5
    return half
