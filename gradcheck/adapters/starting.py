"""Arrays of what people pass for them: a starting point as scipy takes it, a list of numbers, or integers."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_start(value: Any) -> Any:
    """Numbers and lists of numbers as an array of floats, integers in a container too; other things as they are."""
    if isinstance(value, list | tuple) and value and _is_numbers(value):
        try:
            return np.array(value, float)
        except ValueError:  # rows of different lengths
            return value
    if isinstance(value, dict):
        return {key: _part(part) for key, part in value.items()} if type(value) is dict else value
    if isinstance(value, list | tuple):
        make = getattr(type(value), "_make", type(value))
        return make([_part(part) for part in value])
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, np.ndarray | np.integer) and value.dtype.kind in "iu":
        return value.astype(float)
    return value


def as_arrays(value: Any) -> Any:
    """Lists of numbers, and numbers in a container, as arrays of their own kind; other things as they are."""
    if isinstance(value, list | tuple) and value and _is_numbers(value):
        try:
            return np.array(value)
        except ValueError:
            return value
    if type(value) is dict:
        return {key: _own_array(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        make = getattr(type(value), "_make", type(value))
        return make([_own_array(part) for part in value])
    return value


def _own_array(part: Any) -> Any:
    return np.asarray(part) if isinstance(part, int | float) else as_arrays(part)


def as_row(gradient: Any, x: Any) -> Any:
    """A gradient that is a list of floats, ``[2 * x[0], 4 * x[1]]``, as an array where ``x`` is one."""
    if not isinstance(gradient, list | tuple) or not isinstance(x, np.ndarray):
        return gradient
    return np.array(gradient) if all(isinstance(part, float | np.floating) for part in gradient) else gradient


def _part(value: Any) -> Any:
    """The same in a container, whose leaves are arrays."""
    found = as_start(value)
    return np.asarray(found) if isinstance(found, float) else found


def _is_numbers(value: Any) -> bool:
    """Whether a list holds nothing but numbers, or lists of such."""
    return all(
        (bool(part) and _is_numbers(part))
        if isinstance(part, list | tuple)
        else isinstance(part, int | float | np.integer | np.floating) and not isinstance(part, bool)
        for part in value
    )
