"""Values as Python that makes the very same value again: every digit, the dtype, the order in memory."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gradcheck.report.limits import PASTED, WIDTH


class Unwritable(Exception):
    """A value has no literal, or one that nobody would paste."""


def literal(value: Any) -> str:
    """Write a number, a string, an array, or a nesting of them; raise Unwritable for anything else."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiubc" and value.size <= PASTED:
        return _array(value)
    if isinstance(value, np.generic) and value.dtype.kind in "fiubc":
        return f"np.{value.dtype.name}({_number(value)})"
    if value is None or type(value) in (bool, int, str, bytes):  # a subclass, such as an enum, has a repr of its own
        return repr(value)
    if isinstance(value, float | complex):
        return _number(np.asarray(value)[()])
    if type(value) is dict:
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if type(value) is list:
        return "[" + ", ".join(map(literal, value)) + "]"
    if type(value) is tuple:
        return "(" + ", ".join(map(literal, value)) + ("," if len(value) == 1 else "") + ")"
    raise Unwritable(f"a {type(value).__name__} has no literal")


def _array(array: np.ndarray[Any, Any]) -> str:
    plain = array.dtype in (np.float64, np.int64, np.bool_, np.complex128)
    dtype = f", dtype=np.{array.dtype.name}"
    if array.size == 0:
        return f"np.zeros({array.shape}{'' if array.dtype == np.float64 else dtype})"
    made = f"np.array({_rows(array)}{'' if plain else dtype})"
    if len(made) > WIDTH and array.ndim:
        rows = "".join(f"        {_rows(row)},\n" for row in array)
        made = f"np.array(\n    [\n{rows}    ]{'' if plain else dtype}\n)"
    backwards = array.flags.f_contiguous and not array.flags.c_contiguous
    return f"np.asfortranarray({made})" if backwards else made


def _rows(array: np.ndarray[Any, Any]) -> str:
    return _number(array[()]) if array.ndim == 0 else "[" + ", ".join(map(_rows, map(np.asarray, array))) + "]"


def _number(value: Any) -> str:
    """The shortest decimal that is this number in its own dtype."""
    if isinstance(value, np.bool_ | np.integer):
        return str(value)
    if isinstance(value, np.complexfloating):
        return f"complex({_number(value.real)}, {_number(value.imag)})"
    if not math.isfinite(value):
        return f"float('{value}')"
    wide = value.dtype.itemsize > 8  # as a number it would be rounded to float64 first
    return repr(str(value)) if wide else str(value)
