"""Before anything is called wrong: other steps, another direction, and both sides' rounding, measured."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from .direction import Direction, draw_direction
from .excuses import excused
from .kink import is_singular, kink_interval
from .ladder import LADDER, Ladder, Rung
from .line import Line, Point
from .outcome import Outcome
from .probe import Probe, probe_at
from .projection import ESTIMATE_FACTOR, Judgement, judge, relative_spacing
from .rounding import FAR, NEAR, backward_noise, noise_beyond, noise_from_elsewhere, noise_here, rounding_of_narrow
from .tolerance import SEEN, Array, within

_FINER = 2.0**-6
_DIRECTIONS = 3
_SMALLEST = 2.0**-40
_LEAVES = 16.0
_UNSETTLED = 16.0
_FLAT = 2.0**-10
_ACROSS = 2.0**-6
_TELLS = 8.0
_OUT_OF, _NO_ROUNDING = 16.0, 2.0**20


def contest(
    point: Point,
    probe: Probe,
    rng: np.random.Generator,
    *,
    only: Collection[int] | None = None,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> tuple[Outcome, Judgement]:
    """Judge the chosen direction and, on disagreement, everything that could excuse it.

    Wrong means: the gap survives measured noise on both sides, smaller steps, and fresh directions. One that agrees
    excuses nothing unless it would have seen the same relative gap: where it claims nothing, anything agrees.
    """

    def direction_for(of: Probe) -> Direction:
        return draw_direction(rng, point.inputs, of.gradients, only=only, chosen=chosen, freeze_zeros=freeze_zeros)

    outcome, judgement = _examine(point, probe, direction_for(probe), rng)
    if outcome is not Outcome.WRONG:
        return outcome, judgement
    excuse = excused(point, probe, judgement, rng)
    if excuse is not None:
        return excuse
    for _ in range(_DIRECTIONS):
        fresh = probe_at(point, rng)
        if fresh is None:
            return Outcome.NOISE, judgement
        again, second = _examine(point, fresh, direction_for(fresh), rng)
        if again is not Outcome.AGREES:
            return again, judgement
        if within(second.tolerance * judgement.size, judgement.gap * second.size):
            return Outcome.NOISE, judgement
    return Outcome.WRONG, judgement


def _examine(point: Point, probe: Probe, direction: Direction, rng: np.random.Generator) -> tuple[Outcome, Judgement]:
    """One direction, with smaller steps and with noise measured where the plain comparison fails."""
    tangents = direction.tangents
    plain = judge(point, probe, direction)
    if plain.agrees:
        return Outcome.AGREES, plain
    rounded = rounding_of_narrow(point, probe, plain, rng)
    if rounded is not None:
        return Outcome.AGREES, rounded
    line = Line(point, probe.cotangents, tangents)
    noise = max(noise_here(line, plain, relative_spacing(point, tangents)), noise_beyond(line, plain))
    flat = any(rung.plus == 0 == rung.minus and rung.step >= _FLAT for rung in plain.estimate.rungs)
    elsewhere = noise_from_elsewhere(point, probe, rng, FAR if flat else NEAR)
    noise = max(noise, elsewhere)
    coarser = max(1.0, noise / plain.estimate.noise) if plain.estimate.noise > 0 else 1.0
    carried = elsewhere * plain.relative / relative_spacing(point, tangents)
    of_backward = max(backward_noise(point, probe, plain, rng, coarser), carried)
    finer = replace(LADDER, first=_smaller_start(line, plain, noise), rungs=12)
    fine = judge(point, probe, direction, finer)
    rungs = (*plain.estimate.rungs, *fine.estimate.rungs)
    if not plain.seen and not fine.seen:
        one_sided = is_singular(rungs, noise)
        return (Outcome.SINGULAR if one_sided else Outcome.DOMAIN), plain
    wide = plain.widened(noise, of_backward)
    narrow = fine.widened(noise, of_backward, finer)
    agreed = _agreement(wide, narrow)
    if agreed is not None and within(agreed[1].tolerance, SEEN * plain.size):
        return agreed
    interval = kink_interval(rungs, max(noise, plain.estimate.noise))
    if interval is not None:
        return _at_a_kink(wide, interval)
    if agreed is not None:
        return agreed
    sharper = _of_what_moves(line, wide.gap, (plain, LADDER), (fine, finer))
    if sharper is not None:
        return Outcome.AGREES, sharper
    if is_singular(rungs, noise):
        return Outcome.SINGULAR, wide
    if wide.seen and narrow.seen and not _consistent(wide, narrow):
        return Outcome.NOISE, wide
    best = min((wide, narrow), key=lambda judgement: judgement.tolerance if judgement.seen else math.inf)
    clear = best.estimate.settled or not within(best.gap, _UNSETTLED * best.tolerance)
    if not _stands_out(rungs, noise, line.output_noise):
        return Outcome.NOISE, best
    return (Outcome.WRONG if clear and not best.agrees else Outcome.NOISE), best


def _at_a_kink(wide: Judgement, interval: tuple[float, float]) -> tuple[Outcome, Judgement]:
    """Right between the one-sided slopes, wrong outside. What changes when a jitter crosses the kink is no rounding."""
    low, high = interval
    slack = wide.backward_noise
    if not within(slack, (high - low) * _ACROSS):
        slack = replace(wide, backward_noise=0.0).rounding
    inside = low - slack <= wide.claim <= high + slack
    return (Outcome.KINK if inside else Outcome.WRONG), replace(wide, slopes=interval)


def _stands_out(rungs: Sequence[Rung], noise: float, assumed: float) -> bool:
    """Whether ``phi`` moves by more than its noise at any step, where that noise is no rounding of the outputs.

    What never does may be the teeth of a saw that all steps cross: they agree on its mean slope, and say nothing of the
    slope of a tooth. A forward that is flat has no more noise than rounding.
    """
    moves = max((max(abs(rung.plus), abs(rung.minus)) for rung in rungs if math.isfinite(rung.slope)), default=0.0)
    return bool(within(noise, _NO_ROUNDING * assumed)) or not within(moves, _OUT_OF * noise)


def _of_what_moves(line: Line, gap: float, *read: tuple[Judgement, Ladder]) -> Judgement | None:
    """The rungs that agree with the claim to the rounding of those outputs alone that move, and would show the gap.

    Beside outputs of 1e12 that stay where they are a small oscillation looks flat at all steps at which it stands out
    of their rounding. This excuses and never accuses: outputs that stay may have absorbed what they should have moved.
    """
    for judgement, ladder in read:
        direction = judgement.direction
        noise = line.noise_of_what_moves(ladder.first, direction.shares, direction.factors)
        relative = relative_spacing(line.point, direction.tangents)
        sharper = replace(judgement, estimate=ladder.settle(judgement.estimate.rungs, noise, relative))
        if sharper.agrees and within(_TELLS * sharper.tolerance, gap):
            return sharper
    return None


def _smaller_start(line: Line, plain: Judgement, noise: float) -> float:
    """Where to start the ladder of small steps: where the slope first leaves what the large steps found.

    Large steps can settle on the slope of another region altogether (a normalised input of 1e8 with a spread
    of 1 has structure only at a relative step of 1e-8).
    """
    estimate = plain.estimate
    start = estimate.step * _FINER if math.isfinite(estimate.step) else LADDER.first * _FINER
    step = start
    while step > _SMALLEST and plain.seen:
        slope = (line.change(step) - line.change(-step)) / (2 * step)
        if not within(abs(slope - estimate.value), estimate.error + _LEAVES * noise / step):
            return step
        step *= _FINER
    return start


def _consistent(wide: Judgement, narrow: Judgement) -> bool:
    """Whether large and small steps measure the same number; where they do not, their errors are underestimated.

    So it is where the forward is a staircase of its own rounding, as for a cost that has lost all digits.
    """
    apart = abs(wide.estimate.value - narrow.estimate.value)
    return bool(within(apart, ESTIMATE_FACTOR * (wide.estimate.error + narrow.estimate.error)))


def _agreement(wide: Judgement, narrow: Judgement) -> tuple[Outcome, Judgement] | None:
    """What the ladder of large and the ladder of small steps say together; None where they refute the claim.

    Small steps agree with anything once rounding swamps them, so their agreement counts against the large
    ones only where their error bar excludes what the large ones found.
    """
    apart = abs(wide.estimate.value - narrow.estimate.value)
    if not narrow.seen:
        return (Outcome.AGREES, wide) if wide.agrees else None
    if wide.agrees:
        if narrow.agrees:
            return Outcome.AGREES, wide
        return None if within(apart, wide.tolerance) else (Outcome.NOISE, wide)
    if narrow.agrees and not within(apart, narrow.tolerance):
        return Outcome.AGREES, narrow
    return None
