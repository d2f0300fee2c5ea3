"""How far a tensor may be off: what the yardstick is off by, or what stands in for one."""

from __future__ import annotations

import numpy as np

from gradcheck.numerics.tolerance import Array, within

from .errors import NONE, Error, error_of, rounding_of, size_of
from .limits import ANOTHER_LIBRARY, STAND_IN, SYSTEMATIC
from .sides import Near, Sides


def stick_of(sides: Sides, near: Near, usable: Array) -> Error:
    """The error of the yardstick, the largest of what is around; without one, what rounding the inputs would change.

    In float32 that counts beside a yardstick too, and as often as adding up one after another makes of it: nothing
    wider is at hand for a sum there, and in which order it is added up is no fault.
    """
    golden, plain = sides.golden, NONE
    if sides.yardstick is None or sides.dtype == np.float32:
        for moved in near.moved:
            plain |= error_of(np.where(usable, moved, golden), golden)
        longer = sides.terms**0.5 if sides.dtype == np.float32 else 1.0
        plain = Error(longer * plain.worst / 2, longer * plain.rms / 12**0.5)  # rounding is even over half a unit
    if sides.yardstick is None:
        plain |= rounding_of(golden, sides.dtype)
        return plain.times(STAND_IN)
    again = ANOTHER_LIBRARY if sides.dtype == np.float32 else 1.0
    found = plain | error_of(np.where(usable, sides.yardstick, golden), golden)
    for there, theirs in near.pairs:
        finite = usable & np.isfinite(there) & np.isfinite(theirs)
        found |= error_of(np.where(finite, theirs, 0.0), np.where(finite, there, 0.0)).times(again)
    return found


def added_up(sides: Sides) -> Error:
    """What adding up one after the other may make of it in float32, without a yardstick: equal numbers round alike."""
    longer = sides.terms**0.5 if sides.dtype == np.float32 else 1.0
    return rounding_of(sides.golden, sides.dtype).times(STAND_IN * longer)


def is_own_rounding(sides: Sides, near: Near, usable: Array, allowed: Error) -> bool:
    """Whether the error of an op without a yardstick scatters about the golden from one point to the next.

    Its own float64 is what it is held against: what it loses in few digits is no other formula, and nobody can say
    whether it must be lost. What stays the same at every point is no rounding; what is gone at one of them is that of
    this very point, on another side of a border in few digits.
    """
    if not near.pairs:
        return False
    if any(not error_of(mine, there).exceeds(allowed) for there, mine in near.pairs):
        return True
    scale = sides.size.rms
    signed = []
    for there, mine in [(sides.golden, sides.actual), *near.pairs]:
        size = size_of(there).rms
        with np.errstate(all="ignore"):
            part = np.where(usable, (mine - there) / (size or scale or 1.0), 0.0)
        if not np.isfinite(part).all():
            return False
        signed.append(part)
    stack = np.array(signed)
    mean = stack.mean(axis=0)
    scatter = float(np.sqrt(np.mean((stack - mean) ** 2)))
    return bool(within(float(np.sqrt(np.mean(mean**2))), SYSTEMATIC * scatter))
