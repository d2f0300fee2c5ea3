"""Steps so small that they stay on one stair of a staircase of lost digits, and miss the slope of what has lost them.

Of ``5 * exp(x) + ((1e9 + x) - 1e9)`` steps below 1e-8 see the slope of the exponential alone, and agree with a backward
that forgot the other term.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .fit import Fit, fit_at, jumps_by
from .ladder import Ladder, Rung
from .limits import HIDES, SCALE_RATIO, TELLS
from .line import Line, Point
from .probe import Probe
from .projection import Judgement, judge
from .tolerance import within


def agrees_on_one_stair(point: Point, probe: Probe, agreed: Judgement, seen: Sequence[Rung] = ()) -> bool:
    """Whether a claim is met by the smallest of all steps, and on one stair, while the largest agree on another slope.

    ``seen`` are steps of other ladders along the same line.
    """
    rungs = sorted({*agreed.estimate.rungs, *seen}, key=lambda rung: -rung.step)
    if len(rungs) < 4:
        return False
    largest, next_largest = rungs[0].slope, rungs[1].slope
    if not within(TELLS * (abs(largest - next_largest) + agreed.tolerance), abs(next_largest - agreed.claim)):
        return False
    return is_on_one_stair(point, probe, agreed, rungs[0].step, rungs[-1].step)


def is_on_one_stair(point: Point, probe: Probe, judgement: Judgement, above: float, below: float) -> bool:
    """Whether digits are lost between steps ``above``, which see their slope, and those ``below``, which do not.

    A remainder jumps too, and between two jumps has a slope of its own. But it keeps its digits, so what jumps must be
    narrow where nothing cancels, or stand elsewhere in extended precision.
    """
    line, rng = Line(point, probe.cotangents, judgement.tangents), np.random.default_rng(0)

    def beside(step: float) -> float:
        return line.change(step) - judgement.claim * step

    noisy: list[Fit] = []
    while not within(above, below):
        fit = fit_at(beside, above, rng)
        if fit is not None and not within(fit.noise, HIDES * judgement.estimate.noise):
            noisy.append(fit)
        above /= SCALE_RATIO
    smallest = noisy[:-3:-1]  # there noise is that of stairs, further out that of a curve; the last may have one jump
    if not any(jumps_by(beside, fit.scale, fit.noise, rng, down_to=below) for fit in smallest):
        return False
    if point.narrow():
        return True
    extended = None if point.extended is None else point.extended()
    if extended is None:
        return False
    finer = judge(extended, probe, judgement.direction, Ladder(first=below, ratio=4.0, rungs=6))
    return finer.seen and not finer.agrees
