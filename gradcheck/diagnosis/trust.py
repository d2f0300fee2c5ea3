"""Whether a forward can be diagnosed at all: it repeats itself, keeps its digits, and is no staircase.

A cause is read off the slopes of the forward. Of one that draws there are none; one that is narrow inside, or has lost
digits, has some to its own digits only; and a staircase (round, floor, sign, a quantiser) has the slope 0 almost
everywhere, so that all that is claimed beside it is the derivative of another function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.numerics import spacing, within
from gradcheck.numerics.jacobian import flat
from gradcheck.numerics.jumps import Forward, is_level, jumps_of, line_along, rows_along, typical_move
from gradcheck.numerics.jumps.limits import NARROW_STEP
from gradcheck.numerics.tolerance import Array

from .limits import KEPT, NARROW, ROUNDED, WINDOW_ORDER, WINDOW_POINTS, WINDOWS


@dataclass(frozen=True)
class Trust:
    """What is known of a forward along one argument.

    ``repeats``: two calls at the same inputs give the same, there and at a generic neighbour. ``noise`` is what a
    smooth fit leaves of the outputs, relative to the largest. ``steps``: locally constant wherever it was looked at,
    and with jumps in between that no narrow float explains. ``narrow``: the same with jumps that one does explain.
    ``jumps``: it jumps somewhere, whatever it does in between.
    """

    repeats: bool = True
    noise: float = 0.0
    steps: bool = False
    narrow: bool = False
    jumps: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing may be said of it."""
        return not self.repeats or self.narrow or not bool(within(self.noise, NARROW))

    @property
    def certain(self) -> bool:
        """Whether something may be said for certain; of a staircase that it is one, which is seen and not fitted."""
        return not self.nothing and (self.steps or not self.jumps) and bool(within(self.noise, KEPT))


def joined(failing: Sequence[Trust], ordinary: Sequence[Trust]) -> Trust:
    """What is known from several examples: the worst of each.

    Whether it jumps is asked at ordinary ones, where there are any: a row of one entry over its own length is a sign.
    """
    shapes, every = ordinary or failing, [*failing, *ordinary]
    steps = bool(shapes) and all(trust.steps for trust in shapes)
    return Trust(
        repeats=all(trust.repeats for trust in every),
        noise=max([trust.noise for trust in every], default=0.0),
        steps=steps,
        narrow=any(trust.narrow for trust in shapes) and not steps,
        jumps=any(trust.jumps for trust in shapes),
    )


def look_at(
    forward: Callable[[list[Array]], tuple[Array, ...] | None], inputs: Sequence[Array], position: int
) -> Trust:
    """Call a forward some four hundred times along one argument; ``forward`` gives None where it fails."""
    array = inputs[position]
    if not repeats(forward, inputs):
        return Trust(repeats=False)
    if not array.size or array.dtype.kind != "f":
        return Trust()
    along = line_along(forward, inputs, position)
    with np.errstate(all="ignore"):
        rows = rows_along(along)
        level, jumps = len(rows) > 1 and is_level(along, rows), list(jumps_of(along, rows))
        steep = any(not bool(within(jump, NARROW_STEP)) for jump in jumps)
        noise = _noise(along)
    unit = max([spacing(array.dtype), *(spacing(y.dtype) for y in forward(list(inputs)) or ())])
    return Trust(
        noise=0.0 if within(noise, ROUNDED * unit) else noise,
        steps=level and steep,
        narrow=bool(jumps) and not steep,
        jumps=bool(jumps),
    )


def repeats(forward: Callable[[list[Array]], tuple[Array, ...] | None], inputs: Sequence[Array]) -> bool:
    """Whether two calls give the same, at the inputs and where no zero hides what is drawn."""
    neighbours = [np.asarray(x + typical_move(x), x.dtype) if x.dtype.kind == "f" else x for x in inputs]
    for place in (inputs, neighbours):
        first, second = (forward([np.array(x) for x in place]) for _ in range(2))
        if first is None or second is None:
            continue
        # not bit for bit: the order of sums in threads may differ; half of the digits is far less than any draw moves
        left, right = flat(first), flat(second)
        usable = np.isfinite(left) & np.isfinite(right)
        largest = float(np.abs(left[usable]).max(initial=0.0))
        slack = max((spacing(y.dtype) for y in first), default=0.0) ** 0.5 * largest
        if not np.all(within(np.abs(left[usable] - right[usable]), slack)):
            return False
    return True


def _noise(along: Forward) -> float:
    """What the best smooth fit leaves of the outputs beside the largest, entry by entry in the window that fits best.

    On one side of the point alone, since there may be a kink at it; windows in which an entry does not move at all
    say nothing of it.
    """
    found: list[Array] = []
    largest = 0.0
    for window in WINDOWS:
        t = 1 + (np.arange(WINDOW_POINTS) + 0.31 * np.sin(7.0 * np.arange(WINDOW_POINTS))) / WINDOW_POINTS
        rows = [along(window * float(place)) for place in t]
        if any(row is None for row in rows):
            continue
        table = np.array(rows)
        largest = max(largest, float(np.abs(table).max(initial=0.0)))
        powers = np.vander(t - t.mean(), WINDOW_ORDER)
        rest = table - powers @ np.linalg.lstsq(powers, table, rcond=None)[0]
        moves = np.ptp(table, axis=0) > 0
        found.append(np.where(moves, np.sqrt((rest**2).mean(axis=0)), np.inf))
    if not found or not largest:
        return 0.0
    best = np.min(found, axis=0)
    return float(np.where(np.isfinite(best), best, 0.0).max(initial=0.0)) / largest
