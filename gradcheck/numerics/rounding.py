"""How far rounding can carry either side, measured where it shows: here, elsewhere, beyond, and in the last bits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .ladder import LADDER
from .limits import (
    ABSORBED,
    BEYOND_BITS,
    COARSEST_BIT,
    ESTIMATE_FACTOR,
    GOES_AWAY,
    JITTERS,
    NARROW_GAP,
    QUANTA,
    SEEN,
    STAIRS,
    STEPS_FAR,
    WHOLE,
)
from .line import Line, Point
from .noise import jittered, measured_noise
from .probe import Probe, noise_elsewhere
from .projection import Judgement, claim_of, relative_spacing
from .tolerance import Array, within


def noise_here(line: Line, plain: Judgement, relative: float) -> float:
    """The noise of the forward around the point, at the scale of its dtype's last bits and at that of float32's.

    A forward that computes in float32 inside is a staircase, flat where one looks too closely.
    """
    found = (measured_noise(line.change, 2**8 * relative), measured_noise(line.change, STAIRS, lowest=3))
    return max((noise for noise in found if math.isfinite(noise)), default=plain.estimate.noise)


def noise_beyond(line: Line, plain: Judgement) -> float:
    """The noise where a forward that no step moves begins to move.

    ``1 + x**2`` is 1 for x of 1e-9: what absorbs x moves in whole quanta, its own spacing, once it moves. Whatever has
    a flat stretch for other reasons moves by any amount beyond it.
    """
    if not all(rung.plus == 0 == rung.minus for rung in plain.estimate.rungs):
        return 0.0
    steps = (LADDER.first * 2.0**power for power in range(1, ABSORBED))
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
        whole = within(np.abs(quanta - np.round(quanta)), WHOLE * quanta) & within(quanta, QUANTA)
        noise += float(np.sum(np.where(whole.all(axis=0) & np.isfinite(quantum), np.abs(u) * quantum, 0.0)))
    return noise


def noise_from_elsewhere(point: Point, probe: Probe, rng: np.random.Generator, steps: Sequence[float]) -> float:
    """The noise of a forward whose large terms cancel here; one that looks flat may have lost all its digits."""
    pairs = zip(probe.cotangents, noise_elsewhere(point, rng, steps), strict=True)
    return math.fsum(float(np.sum(np.abs(u, dtype=np.float64) * noise)) for u, noise in pairs)


def rounding_of_narrow(point: Point, probe: Probe, plain: Judgement, rng: np.random.Generator) -> Judgement | None:
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
    carried = ESTIMATE_FACTOR * widening * noise_from_elsewhere(point, probe, rng, STEPS_FAR)
    if not within(plain.gap, NARROW_GAP * plain.rounding + carried):
        return None
    return replace(plain, backward_noise=plain.gap)


def backward_noise(point: Point, probe: Probe, plain: Judgement, rng: np.random.Generator, coarser: float) -> float:
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
    last_bit = min(coarser * max(point.spacing(g) for g in probe.gradients if g is not None), COARSEST_BIT)

    def claim_at(inputs: Sequence[Array]) -> float:
        gradients = point.gradients(probe.cotangents, inputs)
        return math.nan if gradients is None else claim_of(gradients, plain.tangents)

    for _ in range(JITTERS):
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
    for _ in range(JITTERS):
        sides = [list(point.inputs), list(point.inputs)]
        for i in moving:
            x = point.inputs[i]
            step = x * rng.uniform(-BEYOND_BITS, BEYOND_BITS, x.shape).astype(x.dtype)
            sides[0][i], sides[1][i] = np.asarray(x + step), np.asarray(x - step)
        bend = sum(map(claim_at, sides)) - 2 * plain.claim
        if math.isfinite(bend):
            changes.append(abs(bend) / 2)
    if not measured and within(plain.gap, GOES_AWAY * max(changes)):
        return GOES_AWAY * max(changes)  # next to a singular point last bits make claims of any size
    return max(changes)
