"""What the two one-sided slopes say where the claim and the central difference disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from .ladder import Rung, is_straight
from .limits import SINGULAR_GROWS, SINGULAR_RUN, STAYS, VISIBLE
from .tolerance import within


def kink_interval(rungs: Sequence[Rung], noise: float) -> tuple[float, float] | None:
    """The interval between the one-sided slopes at a kink, widened by their error; None where there is no kink.

    Where ``phi`` is smooth the two slopes approach each other like the step, in noise they part as it falls; at a
    kink they stay apart.
    Read at the smallest step at which their distance still stands out of the noise.
    """
    finite = {rung.step: rung for rung in rungs if math.isfinite(rung.plus) and math.isfinite(rung.minus)}
    usable = [finite[step] for step in sorted(finite)]
    for position, rung in enumerate(usable[:-2]):
        jump = rung.jump
        if within(jump, VISIBLE * noise / rung.step):
            continue
        coarser = usable[position + 1 : position + 3]
        ratios = [
            (jump / other.jump) ** (1 / number) if other.jump else math.inf for number, other in enumerate(coarser, 1)
        ]
        stays = all(within(STAYS, ratio) and within(ratio, 1 / STAYS) for ratio in ratios)
        hidden = all(within(jump / 2, VISIBLE * noise / finer.step) for finer in usable[:position])
        if not (stays and hidden):
            return None
        ratio = coarser[0].step / rung.step
        slopes = [_extrapolate(side(rung), side(coarser[0]), ratio) for side in (_right, _left)]
        slack = VISIBLE * noise / rung.step + max(abs(side(rung) - side(coarser[0])) for side in (_right, _left))
        return min(slopes) - slack, max(slopes) + slack
    return None


def straight_kink(rungs: Sequence[Rung], noise: float) -> tuple[float, float] | None:
    """The same of two straight pieces, which two steps tell."""
    near = min(rungs, key=lambda rung: rung.step)
    slack = VISIBLE * noise / near.step
    if len(rungs) != 2 or not is_straight(rungs, noise) or within(near.jump, slack):
        return None
    return min(_right(near), _left(near)) - slack, max(_right(near), _left(near)) + slack


def is_singular(rungs: Sequence[Rung], noise: float) -> bool:
    """Whether a one-sided slope grows without bound as the step falls (the root at zero)."""
    for side in (_right, _left):
        clear = {r.step: abs(side(r)) for r in rungs if _stands_out(side(r), noise / r.step)}
        steps = sorted(clear)[:SINGULAR_RUN]
        growths = [
            math.log2(clear[fine] / clear[coarse]) / math.log2(coarse / fine) for fine, coarse in pairwise(steps)
        ]
        if len(steps) == SINGULAR_RUN and within(SINGULAR_GROWS, min(growths)):
            return True
    return False


def _stands_out(slope: float, noise: float) -> bool:
    return math.isfinite(slope) and not within(abs(slope), VISIBLE * noise)


def _right(rung: Rung) -> float:
    return rung.plus / rung.step


def _left(rung: Rung) -> float:
    return -rung.minus / rung.step


def _extrapolate(fine: float, coarse: float, ratio: float) -> float:
    """Remove the part of a one-sided slope that is proportional to the step."""
    return fine + (fine - coarse) / (ratio - 1)
