"""Floating dtypes, that of ml_dtypes among them, which NumPy itself takes for raw memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

BFLOAT16 = "bfloat16"
LOW = ("float32", "float16", BFLOAT16)
"""The dtypes in which a backward is held against the error of a yardstick."""


@dataclass(frozen=True)
class FloatInfo:
    """What `numpy.finfo` says of a dtype, for bfloat16 too."""

    eps: float
    tiny: float
    max: float
    maxexp: int
    nexp: int


@cache
def float_info(dtype: Any) -> FloatInfo:
    """The limits of a floating or complex dtype."""
    if is_bfloat16(np.dtype(dtype)):
        import ml_dtypes

        own: Any = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
        return FloatInfo(float(own.eps), float(own.tiny), float(own.max), int(own.maxexp), int(own.nexp))
    info = np.finfo(dtype)
    return FloatInfo(float(info.eps), float(info.tiny), float(info.max), int(info.maxexp), int(info.nexp))


def is_bfloat16(dtype: np.dtype[Any]) -> bool:
    """Whether it is the bfloat16 of ml_dtypes."""
    return dtype.kind == "V" and dtype.name == BFLOAT16


def is_real(dtype: np.dtype[Any]) -> bool:
    """Whether it holds real numbers with a fraction."""
    return dtype.kind == "f" or is_bfloat16(dtype)


def is_inexact(dtype: np.dtype[Any]) -> bool:
    """Whether it holds real or complex numbers with a fraction, so that there is a gradient."""
    return dtype.kind in "fc" or is_bfloat16(dtype)


def is_low(dtype: np.dtype[Any]) -> bool:
    """Whether it holds real numbers of fewer digits than float64."""
    return (dtype.kind == "f" and dtype.itemsize < 8) or is_bfloat16(dtype)


def as_numbers(value: object) -> np.ndarray[Any, Any] | None:
    """What somebody returned as a gradient, where it is an array of numbers; None for anything else."""
    try:
        array = np.asarray(value)
    except Exception:  # noqa: BLE001 - whatever an object says of itself
        return None
    return array if array.dtype.kind in "biufc" or is_bfloat16(array.dtype) else None


def as_dtype(name: Any) -> np.dtype[Any]:
    """The dtype of this name; TypeError where there is none. A dtype of PyTorch counts by its name."""
    found: np.dtype[Any] = np.dtype(_bfloat16() if dtype_name(name) == BFLOAT16 else dtype_name(name))
    return found


def dtype_name(dtype: Any) -> Any:
    """``"bfloat16"`` for that of PyTorch or of ml_dtypes; what is no dtype of theirs as it is."""
    if type(dtype).__module__.partition(".")[0] == "torch":
        return str(dtype).rpartition(".")[2]
    if isinstance(dtype, type) and dtype.__name__ == BFLOAT16:
        return BFLOAT16
    return BFLOAT16 if isinstance(dtype, np.dtype) and is_bfloat16(dtype) else dtype


def _bfloat16() -> Any:
    import ml_dtypes  # here, so that whoever needs none does not wait for it

    return ml_dtypes.bfloat16
