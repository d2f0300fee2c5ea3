"""What counts as a value here: arrays of NumPy, tensors that can be read as such, and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array


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
    """Other numbers in the form of a value: an array, a scalar, a tensor of the same dtype."""
    if isinstance(value, int | float | complex) and not isinstance(value, np.generic):
        plain = next(kind for kind in (bool, int, float, complex) if isinstance(value, kind))
        return plain(by)  # of a framework's own kind of number too, which is made of more than the number
    if isinstance(value, np.ndarray):
        return np.array(by, dtype=value.dtype).reshape(value.shape)
    if isinstance(value, np.generic):
        return value.dtype.type(by)
    return value.new_tensor(np.ascontiguousarray(by)).reshape(value.shape)


def digest(array: Array) -> tuple[Any, ...]:
    """What two arrays of the same numbers share, whatever framework they are of."""
    return array.shape, array.dtype.kind, np.ascontiguousarray(array).tobytes()
