"""What rounding never does: where one side is finite and the other is not, and what is exactly zero."""

from __future__ import annotations

import numpy as np

from gradcheck.numerics.tolerance import Array, within
from gradcheck.protocol.dtypes import float_info

from .limits import NOTHING, RANGE
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
    if sides.yardstick is None:
        return np.zeros(sides.golden.shape, bool)
    zero = np.ones(sides.golden.shape, bool)
    others = [*near.moved, *(there for there, _ in near.pairs)]
    others += [sides.yardstick, *(theirs for _, theirs in near.pairs)]
    for there in [sides.golden, *others]:
        zero &= there == 0
    least = NOTHING * largest if largest > 0 else float_info(sides.dtype).tiny
    return np.asarray(zero & np.isfinite(sides.actual) & ~within(np.abs(sides.actual), least))
