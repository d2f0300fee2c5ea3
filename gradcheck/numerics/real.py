"""Complex arrays as arrays of reals, which is all that the numerics know.

A complex array of shape S becomes a real one of shape ``(*S, 2)``: real parts, then imaginary parts. With the
gradient ``g = dL/dRe x + i dL/dIm x`` (PyTorch's convention) the change of a real cost is ``Re sum conj(g) dx``,
which is the plain dot product of the two real arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .tolerance import Array


def as_real(array: Array) -> Array:
    """The real and imaginary parts of a complex array along a new last axis; others as they are."""
    if array.dtype.kind != "c":
        return array
    parts = np.ascontiguousarray(array).reshape(array.shape)  # ascontiguousarray makes a scalar one-dimensional
    return (
        parts.view(parts.real.dtype).reshape(*array.shape, 2) if array.ndim else parts.reshape(1).view(parts.real.dtype)
    )


def as_native(array: Array, dtype: np.dtype[Any]) -> Array:
    """The inverse of `as_real`, for an array that was of ``dtype`` before."""
    if dtype.kind != "c":
        return array
    joined = np.empty(array.shape[:-1], dtype=np.result_type(array.dtype, np.complex64))
    joined.real, joined.imag = array[..., 0], array[..., 1]
    return joined


def reals(arrays: Sequence[Any]) -> Any:
    """All complex arrays as arrays of reals; None stays None."""
    for array in arrays:
        if array is not None and array.dtype.kind == "c":
            break
    else:  # as nearly always, and a dozen times a check
        return tuple(arrays)
    return tuple(None if array is None else as_real(array) for array in arrays)
