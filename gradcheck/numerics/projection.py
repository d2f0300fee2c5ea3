"""The claim ``<vjp(u), v>`` against the numerical derivative of ``phi`` along one line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .direction import Direction
from .ladder import LADDER, NOWHERE, Estimate, Ladder
from .limits import COARSER_STEPS, ESTIMATE_FACTOR, FEWEST_APART, MOST_APART, ROUNDING_FACTOR
from .line import Line, Point, Tangents
from .probe import Probe
from .tangent import contribution
from .tolerance import Array, spacing, within

_ORDER = 1 / 5  # where the fourth power of the step, truncation, meets a rounding over the step


@dataclass(frozen=True)
class Judgement:
    """One comparison: what was claimed, what was measured, and how far apart they may be.

    ``size`` is ``sum |g v|`` (the claim itself, unless it is another gradient's) and ``relative`` the machine
    epsilon of the gradients. The backward computes with the rounded values of the forward, so ``carried`` is one
    forward's rounding at that epsilon (a saturated ``1 - A`` has lost its digits before the backward sees it).
    ``backward_noise`` is the measured rounding error of the claim (0 until it is measured), ``slopes`` are the
    one-sided slopes at a kink. ``contested`` is, of a quick look, the relative error per input that can be told from
    rounding at its worst, where that input is contested by itself. ``promised`` is how far the claim may be off by the
    accuracy that the case says its op has.
    """

    direction: Direction
    claim: float
    size: float
    relative: float
    carried: float
    estimate: Estimate
    backward_noise: float = 0.0
    slopes: tuple[float, float] | None = None
    contested: tuple[float, ...] = ()
    promised: float = 0.0

    @property
    def tangents(self) -> Tangents:
        """How each input moves."""
        return self.direction.tangents

    @property
    def gap(self) -> float:
        """Distance between claim and measurement."""
        return abs(self.claim - self.estimate.value)

    @property
    def rounding(self) -> float:
        """How far rounding alone can move the claim, and what the op promises no better."""
        assumed = ROUNDING_FACTOR * self.relative * self.size + ESTIMATE_FACTOR * self.carried
        return max(assumed, ESTIMATE_FACTOR * self.backward_noise) + self.promised

    @property
    def tolerance(self) -> float:
        """The error of the measurement, plus the rounding of the claim."""
        return ESTIMATE_FACTOR * self.estimate.error + self.rounding

    @property
    def floors(self) -> tuple[float, ...]:
        """Per input, the smallest relative error of its gradient that would have been seen; infinite for none."""
        tolerance = self.tolerance
        found = [tolerance / share if share > 0 else math.inf for share in self.direction.shares]
        if self.contested:
            found = list(map(max, found, self.contested))
        return tuple(floor if math.isfinite(floor) else math.inf for floor in found)

    @property
    def agrees(self) -> bool:
        """Whether the claim is within the tolerance; NaN is not."""
        return bool(within(self.gap, self.tolerance))

    @property
    def seen(self) -> bool:
        """Whether the op could be evaluated on both sides at all."""
        return math.isfinite(self.estimate.value) and math.isfinite(self.tolerance)

    def widened(self, noise: float, backward_noise: float, ladder: Ladder = LADDER) -> Judgement:
        """The same rungs judged under measured noise instead of assumed rounding."""
        noise = max(noise, self.estimate.noise)
        estimate = ladder.settle(self.estimate.rungs, noise, 0.0)
        return replace(self, estimate=estimate, backward_noise=backward_noise)


def judge(point: Point, probe: Probe, direction: Direction, ladder: Ladder = LADDER) -> Judgement:
    """Compare the claim with the derivative along ``direction``.

    A quick ladder only raises suspicions, which are then contested at length, so it takes all roundings to be
    independent of one another; a full one takes them all to go one way.
    """
    line = Line(point, probe.cotangents, direction.tangents)
    noise = line.noise(direction.shares, direction.factors)
    numerical = relative_spacing(point, direction.tangents)
    size = direction.size
    moved = [g for g, v in zip(probe.gradients, direction.tangents, strict=True) if g is not None and v is not None]
    claimed = max((point.spacing(g) for g in moved), default=0.0)
    carried = noise * claimed / numerical
    promised = _promised(point, probe, direction)
    if not ladder.enough:
        return Judgement(
            direction, size, size, claimed, carried, ladder.climb(line.change, noise, numerical), promised=promised
        )
    coarser = min((numerical / spacing(np.float64)) ** _ORDER, COARSER_STEPS)
    quick = ladder.from_step(_first_step(coarser * ladder.first, line.size, direction))
    likely = line.likely_noise(direction.norms, direction.factors)
    blank = Judgement(direction, size, size, claimed, carried, NOWHERE, promised=promised)

    rounding = blank.rounding

    def meets(estimate: Estimate) -> bool:
        return bool(within(abs(size - estimate.value), ESTIMATE_FACTOR * estimate.error + rounding))

    estimate = quick.climb(line.change, likely, numerical, ladder.enough * size, meets)
    contested = tuple(
        _if_contested(ladder, quick, coarser, numerical, line.output_noise / share, factor) if share > 0 else math.inf
        for share, factor in zip(direction.shares, direction.factors, strict=True)
    )
    return Judgement(direction, size, size, claimed, carried, estimate, contested=contested, promised=promised)


def _promised(point: Point, probe: Probe, direction: Direction) -> float:
    """How far a claim may be off where each entry of a gradient may be, by ``accuracy`` times its largest entry.

    Such errors are independent of one another, or all go one way in proportion to their entries.
    """
    if not point.accuracy:
        return 0.0
    moved = [
        (g, v) for g, v in zip(probe.gradients, direction.tangents, strict=True) if g is not None and v is not None
    ]
    apart = sum(float(np.abs(g).max(initial=0.0) * np.linalg.norm(v.ravel())) for g, v in moved)
    return point.accuracy * max(direction.size, apart)


def _if_contested(ladder: Ladder, quick: Ladder, coarser: float, relative: float, noise: float, factor: float) -> float:
    """The relative error that rounding at its worst hides where one input moves by itself.

    ``noise`` is that of the outputs over the share that is left of its ``factor``. A contest goes down from a fixed
    step, to about where a quick ladder begins, or ends at larger steps where those have served already, the larger
    the ``coarser`` the numbers are.
    """
    first = max(min(ladder.first, quick.first), factor * quick.first) * ladder.ratio
    largest = min(LADDER.first, coarser * LADDER.first / LADDER.ratio**3)
    return ESTIMATE_FACTOR * max((relative + noise * factor) / first, (relative + noise) / largest)


def _first_step(first: float, outputs: float, direction: Direction) -> float:
    """The step at which ``phi`` is claimed to change by the fraction ``first`` of what it is made of.

    The coherent move of many inputs is a large one for what they are summed in. Where inputs were scaled down, so that
    all contribute alike, the step makes up for it, up to what they would have moved by.
    """
    slope = direction.size
    unscaled = math.fsum(share / factor for share, factor in zip(direction.shares, direction.factors, strict=True))
    if not (outputs > 0 and 0 < slope < math.inf):
        return first
    apart = math.log2(min(outputs, unscaled)) - math.log2(slope)
    return first * 2.0 ** round(min(max(apart, FEWEST_APART), MOST_APART))


def relative_spacing(point: Point, tangents: Tangents) -> float:
    """The coarsest machine epsilon in the numerical derivative: of the outputs, or of the inputs that move."""
    moved = [v for v in tangents if v is not None]
    return max([*(point.spacing(y) for y in point.outputs), *(spacing(v.dtype) for v in moved)])


def claim_of(gradients: Sequence[Array | None], tangents: Tangents) -> float:
    """``<g, v>`` over all inputs that move."""
    return math.fsum(contribution(g, v) for g, v in zip(gradients, tangents, strict=True))
