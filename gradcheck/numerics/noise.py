"""Rounding, measured instead of assumed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .digits import generic, units
from .limits import BESIDE_POINT, FEWEST_ZEROS, MOST_ZEROS, TABLE_ORDER, TABLE_POINTS
from .line import Point
from .tolerance import Array, spacing

_MANTISSA = 52


def measured_noise(change: Callable[[float], float], step: float, lowest: int = 2) -> float:
    """Noise of ``change`` from a difference table over neighbouring points, ``step`` apart.

    The k-th difference of a smooth function vanishes like ``step**k``; what is left is noise, amplified by
    a known factor. Source: J. J. Moré and S. M. Wild, "Estimating computational noise" (2011). The largest of
    the estimates over several orders, from ``lowest`` on, is taken: too much noise costs only sharpness.
    """
    differences = np.array([change(step * number) for number in range(-TABLE_POINTS // 2, TABLE_POINTS // 2)])
    worst = 0.0
    for order in range(1, TABLE_ORDER + 1):
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


@dataclass(frozen=True)
class Coarseness:
    """The relative spacing of the outputs' numbers, 0 where it is that of their dtype; and whether digits showed it."""

    spacing: float = 0.0
    read: bool = False


def measured_coarseness(point: Point, rng: np.random.Generator) -> Coarseness:
    """How coarse the outputs' numbers are beside what their dtype says.

    Of float64 numbers that were computed in float32 all have the same 29 last bits: zeros. The inputs are moved by a
    random amount first, since short decimals end in zeros too; then to a generic place of their own size, and to one of
    size 1: what only cancels or is absorbed here keeps all its digits there. What is coarse at all of them is looked at
    with the other sign and at smaller inputs too: where a clipped value stays at its bound of 0.25 its last bits are
    zeros as well. Outputs that are powers of two everywhere tell nothing, and may be in any dtype.
    """
    near = [
        x if x.dtype.kind != "f" else np.asarray(x * (1 + BESIDE_POINT * rng.uniform(-1, 1, x.shape))).astype(x.dtype)
        for x in point.inputs
    ]
    places = (near, generic(point.inputs, rng), generic(units(point.inputs), rng))
    own = max((_MANTISSA + round(math.log2(spacing(y.dtype))) for y in point.outputs), default=0)
    zeros = _zeros_at(point, places)
    if zeros and min(zeros) >= own + FEWEST_ZEROS:
        opposite = [-x if x.dtype.kind == "f" else x for x in point.inputs]
        smaller = [x / 8 if x.dtype.kind == "f" else x for x in point.inputs]
        further = np.random.default_rng(0)  # so that what is drawn after this stays as it is
        starts = (opposite, units(opposite), smaller, units(point.inputs))
        zeros += _zeros_at(point, [generic(start, further) for start in starts])
    if not zeros or min(zeros) < own + FEWEST_ZEROS:
        return Coarseness()
    return Coarseness(2.0 ** (min(*zeros, MOST_ZEROS) - _MANTISSA), min(zeros) < _MANTISSA)


def _zeros_at(point: Point, places: Sequence[Sequence[Array]]) -> list[int]:
    """The last bits that are zero at each place where the forward answers."""
    return [number for inputs in places if (number := _last_zeros(point.forward(inputs))) is not None]


def _last_zeros(outputs: tuple[Array, ...] | None) -> int | None:
    """How many last bits of float64 numbers are zero in all of them; None where one is not finite, or all are empty."""
    if outputs is None or not all(np.isfinite(y).all() for y in outputs):
        return None
    wide = [np.ascontiguousarray(y, np.float64).view(np.int64) for y in outputs if y.size]
    if not wide:
        return None
    mantissa = int(np.bitwise_or.reduce([np.bitwise_or.reduce(bits, axis=None) for bits in wide])) & (2**_MANTISSA - 1)
    return (mantissa & -mantissa).bit_length() - 1 if mantissa else _MANTISSA
