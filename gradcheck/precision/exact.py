"""What rounding never does: where one side is finite and the other is not, and what is exactly zero."""

from __future__ import annotations

import numpy as np

from gradcheck.numerics.tolerance import Array, within
from gradcheck.protocol.dtypes import float_info

from .limits import NOTHING, RANGE, SYSTEMATIC
from .sides import Near, Sides


def not_finite(sides: Sides, near: Near, settled: Array) -> Array:
    """Where the op is not finite and golden and yardstick are, well inside the range; or the other way round.

    A golden that jumps where last bits move, as at a corner, has a value all the same as long as it stays finite.
    """
    if sides.overflows and sides.yardstick is None:  # nobody can say what becomes of an output that has overflowed
        return np.zeros(sides.golden.shape, bool)
    most = RANGE * float_info(sides.dtype).max
    golden, mine = sides.golden, np.isfinite(sides.actual)
    theirs = np.isfinite(golden if sides.yardstick is None else sides.yardstick)
    wanted = np.isfinite(golden) & theirs & within(np.abs(golden), most)
    for there in (*near.moved, *(there for there, _ in near.pairs)):
        wanted &= within(np.abs(there), most)
    return np.asarray((~mine & wanted) | (settled & mine & ~np.isfinite(golden) & ~theirs))


def not_zero(sides: Sides, near: Near, largest: float) -> Array:
    """Where golden and yardstick are exactly zero, and stay so around the point, and the op is not.

    Asked beside a yardstick only: an op whose branch is taken in few digits may be on the other side of it in float64.
    """
    zero = _is_zero(sides, near)
    least = NOTHING * largest if largest > 0 else float_info(sides.dtype).tiny
    return np.asarray(zero & np.isfinite(sides.actual) & ~within(np.abs(sides.actual), least))


def left_over(sides: Sides, near: Near) -> Array:
    """Where the op should be exactly zero, and is what its own rounding leaves of terms that cancel.

    Softmax over one entry is such a case: a gradient that is the difference of two sums comes to zero in one order of
    adding up, and nearly so in another. Such a rest scatters about zero from point to point; what leaks does not.
    """
    zero = _is_zero(sides, near)
    if not near.own or not zero.any():
        return np.zeros(sides.golden.shape, bool)
    stack = np.array([there[zero] for there in [sides.actual, *near.own]])
    if not np.isfinite(stack).all():
        return np.zeros(sides.golden.shape, bool)
    mean = stack.mean(axis=0)
    scatter = float(np.sqrt(np.mean((stack - mean) ** 2)))
    rest = within(float(np.sqrt(np.mean(mean**2))), SYSTEMATIC * scatter)
    return zero if rest else np.zeros(sides.golden.shape, bool)


def _is_zero(sides: Sides, near: Near) -> Array:
    """Where golden and yardstick are exactly zero here and all around."""
    zero = np.asarray(sides.golden == 0)
    if sides.yardstick is None:
        return np.zeros(zero.shape, bool)
    zero &= sides.yardstick == 0
    for there in [*near.moved, *(one for pair in near.pairs for one in pair)]:
        zero &= there == 0
    return zero
