"""Rounding, measured instead of assumed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .tolerance import Array, spacing

_POINTS = 8
_HIGHEST = 5


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
