"""Before anything is called wrong: other steps, another direction, and both sides' rounding, measured."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from .excuses import GOES_AWAY, excused
from .kink import is_singular, kink_interval
from .ladder import LADDER
from .line import Line, Point
from .noise import jittered, measured_noise
from .outcome import Outcome
from .probe import Direction, Probe, draw_direction, noise_elsewhere, probe_at
from .projection import ESTIMATE_FACTOR, Judgement, claim_of, judge, relative_spacing
from .tolerance import SEEN, Array, within

_FINER = 2.0**-6
_DIRECTIONS = 3
_SMALLEST = 2.0**-40
_LEAVES = 16.0
_JITTERS = 2
_BEYOND_BITS = 2.0**-30
_UNSETTLED = 16.0
_NARROW = 2.0**10
_FLAT = 2.0**-10
_STAIRS = 2.0**-20
_COARSEST = 2.0**-10
_ACROSS = 2.0**-6
_QUANTA, _WHOLE = 64.0, 2.0**-20
_ABSORBED = 28  # a square that 1 absorbs is that of a number below 2**-26
_NEAR = (0.25, -0.25, 1.0, -1.0)
_FAR = (0.25, -0.25, 1.0, -1.0, -2.0, 4.0, -4.0)


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
    rounded = _rounding_of_narrow(point, probe, plain, rng)
    if rounded is not None:
        return Outcome.AGREES, rounded
    line = Line(point, probe.cotangents, tangents)
    noise = max(_noise_here(line, plain, relative_spacing(point, tangents)), _noise_beyond(line, plain))
    flat = any(rung.plus == 0 == rung.minus and rung.step >= _FLAT for rung in plain.estimate.rungs)
    elsewhere = _noise_from_elsewhere(point, probe, rng, _FAR if flat else _NEAR)
    noise = max(noise, elsewhere)
    coarser = max(1.0, noise / plain.estimate.noise) if plain.estimate.noise > 0 else 1.0
    backward_noise = _backward_noise(point, probe, plain, rng, coarser)
    backward_noise = max(backward_noise, elsewhere * plain.relative / relative_spacing(point, tangents))
    finer = replace(LADDER, first=_smaller_start(line, plain, noise), rungs=12)
    fine = judge(point, probe, direction, finer)
    rungs = (*plain.estimate.rungs, *fine.estimate.rungs)
    if not plain.seen and not fine.seen:
        one_sided = is_singular(rungs, noise)
        return (Outcome.SINGULAR if one_sided else Outcome.DOMAIN), plain
    wide = plain.widened(noise, backward_noise)
    narrow = fine.widened(noise, backward_noise, finer)
    agreed = _agreement(wide, narrow)
    if agreed is not None and within(agreed[1].tolerance, SEEN * plain.size):
        return agreed
    interval = kink_interval(rungs, max(noise, plain.estimate.noise))
    if interval is not None:
        return _at_a_kink(wide, interval)
    if agreed is not None:
        return agreed
    if is_singular(rungs, noise):
        return Outcome.SINGULAR, wide
    if wide.seen and narrow.seen and not _consistent(wide, narrow):
        return Outcome.NOISE, wide
    best = min((wide, narrow), key=lambda judgement: judgement.tolerance if judgement.seen else math.inf)
    clear = best.estimate.settled or not within(best.gap, _UNSETTLED * best.tolerance)
    return (Outcome.WRONG if clear and not best.agrees else Outcome.NOISE), best


def _at_a_kink(wide: Judgement, interval: tuple[float, float]) -> tuple[Outcome, Judgement]:
    """Right between the one-sided slopes, wrong outside. What changes when a jitter crosses the kink is no rounding."""
    low, high = interval
    slack = wide.backward_noise
    if not within(slack, (high - low) * _ACROSS):
        slack = replace(wide, backward_noise=0.0).rounding
    inside = low - slack <= wide.claim <= high + slack
    return (Outcome.KINK if inside else Outcome.WRONG), replace(wide, slopes=interval)


def _noise_here(line: Line, plain: Judgement, relative: float) -> float:
    """The noise of the forward around the point, at the scale of its dtype's last bits and at that of float32's.

    A forward that computes in float32 inside is a staircase, flat where one looks too closely.
    """
    found = (measured_noise(line.change, 2**8 * relative), measured_noise(line.change, _STAIRS, lowest=3))
    return max((noise for noise in found if math.isfinite(noise)), default=plain.estimate.noise)


def _noise_beyond(line: Line, plain: Judgement) -> float:
    """The noise where a forward that no step moves begins to move.

    ``1 + x**2`` is 1 for x of 1e-9: what absorbs x moves in whole quanta, its own spacing, once it moves. Whatever has
    a flat stretch for other reasons moves by any amount beyond it.
    """
    if not all(rung.plus == 0 == rung.minus for rung in plain.estimate.rungs):
        return 0.0
    steps = (LADDER.first * 2.0**power for power in range(1, _ABSORBED))
    first = next((step for step in steps if line.change(step) != 0), None)
    if first is None:
        return 0.0
    beyond = [line.point.outputs, *(line.outputs(first * (1 + part / 8)) for part in range(17))]
    if any(outputs is None for outputs in beyond):
        return 0.0
    noise = 0.0
    for number, (u, start) in enumerate(zip(line.cotangents, line.point.outputs, strict=True)):
        moved = np.array([(outputs[number] - start).ravel() for outputs in beyond if outputs is not None])
        gaps = np.diff(np.sort(moved, axis=0), axis=0)
        quantum = np.where(gaps > 0, gaps, np.inf).min(axis=0)
        quanta = np.nan_to_num(np.abs(moved) / quantum)
        whole = within(np.abs(quanta - np.round(quanta)), _WHOLE * quanta) & within(quanta, _QUANTA)
        noise += float(np.sum(np.where(whole.all(axis=0) & np.isfinite(quantum), np.abs(u) * quantum, 0.0)))
    return noise


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


def _noise_from_elsewhere(point: Point, probe: Probe, rng: np.random.Generator, steps: Sequence[float]) -> float:
    """The noise of a forward whose large terms cancel here; one that looks flat may have lost all its digits."""
    pairs = zip(probe.cotangents, noise_elsewhere(point, rng, steps), strict=True)
    return math.fsum(float(np.sum(np.abs(u, dtype=np.float64) * noise)) for u, noise in pairs)


def _rounding_of_narrow(point: Point, probe: Probe, plain: Judgement, rng: np.random.Generator) -> Judgement | None:
    """A gradient narrower than float64 whose gap goes away when the same backward runs in float64: its rounding.

    What is excused is the error that was measured, and it raises the floor; a gap far beyond any rounding is
    not excused.
    """
    if point.wide_gradients is None:
        return None
    gradients = point.wide_gradients(probe.cotangents)
    if gradients is None:
        return None
    claim = claim_of(gradients, plain.tangents)
    left = abs(claim - plain.estimate.value)
    if not within(left, ESTIMATE_FACTOR * plain.estimate.error + plain.gap / GOES_AWAY):
        return None
    widening = plain.relative / relative_spacing(point, plain.tangents)
    carried = ESTIMATE_FACTOR * widening * _noise_from_elsewhere(point, probe, rng, _FAR)
    if not within(plain.gap, _NARROW * plain.rounding + carried):
        return None
    return replace(plain, backward_noise=plain.gap)


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


def _backward_noise(point: Point, probe: Probe, plain: Judgement, rng: np.random.Generator, coarser: float) -> float:
    """How much the claim itself changes when all inputs move in the last bit that the op keeps.

    ``coarser`` is how much larger the forward's noise is than its dtype says: an op that computes in float32
    inside does not see the last bits of its float64 inputs. Where every neighbour agrees with finite differences
    and the point itself does not, the backward makes an exception of this very point, and that is no noise, unless
    the differences themselves are none that could be agreed with, as next to a singular point.
    A difference of two large numbers may not notice the last bits; a larger move shows their rounding as what bends
    the claim out of a straight line.
    """
    changes, refuting = [0.0], [0.0]
    moving = [i for i, x in enumerate(point.inputs) if x.dtype.kind == "f"]
    last_bit = min(coarser * max(point.spacing(g) for g in probe.gradients if g is not None), _COARSEST)

    def claim_at(inputs: Sequence[Array]) -> float:
        gradients = point.gradients(probe.cotangents, inputs)
        return math.nan if gradients is None else claim_of(gradients, plain.tangents)

    for _ in range(_JITTERS):
        inputs = list(point.inputs)
        for i in moving:
            inputs[i] = jittered(rng, inputs[i], last_bit)
        claim = claim_at(inputs)
        if math.isfinite(claim):
            changes.append(abs(claim - plain.claim))
            refuting.append(abs(claim - plain.estimate.value))
    natural = max(abs(plain.estimate.value), Line(point, probe.cotangents, plain.tangents).size)
    measured = within(plain.estimate.error, SEEN * min(plain.gap, natural))
    if measured and within(max(refuting), plain.tolerance + plain.gap / GOES_AWAY):
        return 0.0
    for _ in range(_JITTERS):
        sides = [list(point.inputs), list(point.inputs)]
        for i in moving:
            x = point.inputs[i]
            step = x * rng.uniform(-_BEYOND_BITS, _BEYOND_BITS, x.shape).astype(x.dtype)
            sides[0][i], sides[1][i] = np.asarray(x + step), np.asarray(x - step)
        bend = sum(map(claim_at, sides)) - 2 * plain.claim
        if math.isfinite(bend):
            changes.append(abs(bend) / 2)
    if not measured and within(plain.gap, GOES_AWAY * max(changes)):
        return GOES_AWAY * max(changes)  # next to a singular point last bits make claims of any size
    return max(changes)
