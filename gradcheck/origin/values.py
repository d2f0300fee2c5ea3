"""What counts as a value here: arrays of NumPy, tensors that can be read as such, and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array

from .limits import MOST_ENTRIES


def as_array(value: object) -> Array | None:
    """A value as an array, on its own memory where it has some; None of anything that holds no numbers."""
    if isinstance(value, np.ndarray | np.generic | bool | int | float | complex):
        array = np.asarray(value)
    elif hasattr(value, "detach") and hasattr(value, "new_tensor"):  # a tensor: PyTorch itself is not imported here
        try:
            array = np.asarray(value.detach().resolve_conj().numpy())
        except (TypeError, RuntimeError):  # on another device, or of a dtype that NumPy does not have
            return None
    else:
        return None
    return array if array.dtype.kind in "fciub" else None


def is_object(value: object) -> bool:
    """Whether a value is told from others by its identity; small numbers are shared by everybody."""
    return not isinstance(value, bool | int | float | complex)


def can_move(value: object) -> bool:
    """Whether a value has a derivative to speak of."""
    if isinstance(value, bool | int):
        return False
    array = as_array(value)
    return array is not None and array.dtype.kind in "fc" and array.size > 0


def replaced(value: Any, by: Array) -> Any:
    """Other numbers in the form of a value: an array, a scalar, a tensor of the same dtype.

    They lie in memory as those of the value do, with a copy of all that lies around them: code that takes an address
    reaches no further there than here.
    """
    if isinstance(value, int | float | complex) and not isinstance(value, np.generic):
        plain = next(kind for kind in (bool, int, float, complex) if isinstance(value, kind))
        return plain(by)  # of a framework's own kind of number too, which is made of more than the number
    if isinstance(value, np.ndarray):
        return _beside(value, np.array(by, dtype=value.dtype).reshape(value.shape))
    if isinstance(value, np.generic):
        return value.dtype.type(by)
    return _tensor_beside(value, value.new_tensor(np.ascontiguousarray(by)).reshape(value.shape))


def _beside(value: Array, numbers: Array) -> Array:
    """The numbers at the place of the value in a copy of the memory that it is a part of; alone where they overlap."""
    whole = value
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    one_piece = whole.flags.c_contiguous or whole.flags.f_contiguous
    if not one_piece or whole.dtype.hasobject or whole.size > MOST_ENTRIES or _overlaps(value.shape, value.strides):
        return numbers
    memory = np.frombuffer(bytearray(whole.tobytes(order="A")), np.uint8)
    offset = value.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    if not value.size or not 0 <= offset < memory.size:
        return numbers
    room = np.ndarray(value.shape, value.dtype, memory, offset, value.strides)
    room[...] = numbers
    return room


def _tensor_beside(value: Any, numbers: Any) -> Any:
    """The same of a tensor."""
    value = value.detach()
    whole = value.untyped_storage()
    if (
        not value.numel()
        or whole.nbytes() > MOST_ENTRIES * value.element_size()
        or _overlaps(value.shape, value.stride())
    ):
        return numbers
    room = value.new_empty(0).set_(whole.clone(), value.storage_offset(), value.shape, value.stride())
    return room.copy_(numbers)


def _overlaps(shape: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether entries may share memory, as where an axis is broadcast."""
    reach = 0
    for length, stride in sorted(zip(shape, strides, strict=True), key=lambda axis: abs(axis[1])):
        if length > 1:
            if abs(stride) <= reach:
                return True
            reach += abs(stride) * (length - 1)
    return False


def digest(array: Array) -> tuple[Any, ...]:
    """What two arrays of the same numbers share, whatever framework they are of."""
    return array.shape, array.dtype.kind, np.ascontiguousarray(array).tobytes()
