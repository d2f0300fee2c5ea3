"""Rounding, measured instead of assumed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .line import Point
from .tolerance import Array, spacing

_POINTS = 8
_HIGHEST = 5
_NEARBY = 2.0**-10
_MANTISSA = 52
_FEWEST, _MOST = 20, 46  # trailing zero bits that no accident explains, and that leave a number of at least six bits


def measured_noise(change: Callable[[float], float], step: float, lowest: int = 2) -> float:
    """Noise of ``change`` from a difference table over neighbouring points, ``step`` apart.

    The k-th difference of a smooth function vanishes like ``step**k``; what is left is noise, amplified by
    a known factor. Source: J. J. Moré and S. M. Wild, "Estimating computational noise" (2011). The largest of
    the estimates over several orders, from ``lowest`` on, is taken: too much noise costs only sharpness.
    """
    differences = np.array([change(step * number) for number in range(-_POINTS // 2, _POINTS // 2)])
    worst = 0.0
    for order in range(1, _HIGHEST + 1):
        differences = np.diff(differences)
        if order >= lowest:
            amplified = math.factorial(2 * order) / math.factorial(order) ** 2
            worst = max(worst, math.sqrt(float(np.mean(differences**2)) / amplified))
    return worst if math.isfinite(worst) else math.inf


def jittered(rng: np.random.Generator, array: Array, relative: float | None = None) -> Array:
    """A copy of a floating array in which every entry is moved by one to four units in its last place.

    ``relative`` is that unit for arrays that were widened from a narrower dtype.
    """
    units = rng.choice(np.array([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0]), size=array.shape)
    moved = np.empty_like(array)  # keeps the memory layout, which the op may depend on
    moved[...] = array + array * (units * (relative or spacing(array.dtype))).astype(array.dtype)
    return moved


def measured_coarseness(point: Point, rng: np.random.Generator) -> float:
    """The relative spacing of the outputs' numbers, where it is coarser than their dtype says; else 0.

    Of float64 numbers that were computed in float32 all have the same 29 last bits: zeros. The inputs are moved by a
    random amount first, since short decimals end in zeros too.
    """
    moved = [
        x if x.dtype.kind != "f" else np.asarray(x * (1 + _NEARBY * rng.uniform(-1, 1, x.shape))).astype(x.dtype)
        for x in point.inputs
    ]
    outputs = point.forward(moved)
    if outputs is None or any(y.dtype != np.float64 or not np.isfinite(y).all() for y in outputs):
        return 0.0
    every = [np.bitwise_or.reduce(np.ascontiguousarray(y).view(np.int64), axis=None) for y in outputs]
    mantissa = int(np.bitwise_or.reduce(every)) & (2**_MANTISSA - 1)
    trailing = (mantissa & -mantissa).bit_length() - 1 if mantissa else _MANTISSA
    return 2.0 ** (trailing - _MANTISSA) if _FEWEST <= trailing <= _MOST else 0.0
