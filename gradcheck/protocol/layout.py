"""The same values laid out in memory in other ways, as slices, transposes and broadcasts leave them behind."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from .arguments import Array
from .limits import STRIP, TRANSPOSED


class Layout(StrEnum):
    """How an array lies in memory."""

    C = "C"
    FORTRAN = "fortran"
    STRIDED = "strided"
    REVERSED = "reversed"
    READ_ONLY = "read-only"


def laid_out(array: Array, layout: Layout) -> Array:
    """A copy with the values of ``array`` in this layout.

    Fortran: first axis fastest. Strided: every second entry of a larger array. Reversed: a negative stride on the
    last axis. Where an array has too few axes for a layout, the copy is as close to it as can be. Code that ignores
    strides reads wrong values, but never beyond the memory that belongs to the array.
    """
    if layout is Layout.FORTRAN:
        if array.ndim < 2 or array.size <= TRANSPOSED:
            return np.array(array, order="F")
        turned = np.empty(array.shape, array.dtype, order="F")
        for start in range(0, len(array), STRIP):  # else each entry that is written has left the cache by the next
            turned[start : start + STRIP] = array[start : start + STRIP]
        return turned
    if array.ndim and layout in (Layout.STRIDED, Layout.REVERSED):
        size = array.shape[-1]
        room = np.zeros((*array.shape[:-1], 2 * size), array.dtype)
        view = room[..., ::2] if layout is Layout.STRIDED else room[..., :size][..., ::-1]
        view[...] = array
        return view
    copy = np.array(array, order="C")
    copy.flags.writeable = layout is not Layout.READ_ONLY
    return copy


def stretched(array: Array, shape: tuple[int, ...]) -> Array:
    """A copy broadcast to ``shape`` with stride 0, as ``expand`` and the gradient of a sum leave it.

    It has as much memory as a full array, so that code which ignores strides stays inside.
    """
    room = np.zeros(max(math.prod(shape), array.size), array.dtype)
    held = room[: array.size].reshape(array.shape)
    held[...] = array
    if held.shape != shape:
        return np.broadcast_to(held, shape)
    held.flags.writeable = False
    return held
