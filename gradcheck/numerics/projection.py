"""The claim ``<vjp(u), v>`` against the numerical derivative of ``phi`` along one line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .ladder import LADDER, Estimate, Ladder
from .line import Line, Point, Tangents
from .probe import Probe
from .tolerance import Array, spacing, within

ESTIMATE_FACTOR = 4.0
ROUNDING_FACTOR = 16.0


@dataclass(frozen=True)
class Judgement:
    """One comparison: what was claimed, what was measured, and how far apart they may be.

    ``size`` is ``sum |g v|`` and ``relative`` the machine epsilon of the gradients. The backward computes with
    the rounded values of the forward, so ``carried`` is one forward's rounding at that epsilon (a saturated
    ``1 - A`` has lost its digits before the backward sees it). ``backward_noise`` is the measured rounding error
    of the claim (0 until it is measured), ``slopes`` are the one-sided slopes at a kink.
    """

    tangents: Tangents
    claim: float
    size: float
    relative: float
    carried: float
    estimate: Estimate
    backward_noise: float = 0.0
    slopes: tuple[float, float] | None = None

    @property
    def gap(self) -> float:
        """Distance between claim and measurement."""
        return abs(self.claim - self.estimate.value)

    @property
    def rounding(self) -> float:
        """How far rounding alone can move the claim."""
        assumed = ROUNDING_FACTOR * self.relative * self.size + ESTIMATE_FACTOR * self.carried
        return max(assumed, ESTIMATE_FACTOR * self.backward_noise)

    @property
    def tolerance(self) -> float:
        """The error of the measurement, plus the rounding of the claim."""
        return ESTIMATE_FACTOR * self.estimate.error + self.rounding

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


def judge(point: Point, probe: Probe, tangents: Tangents, ladder: Ladder = LADDER) -> Judgement:
    """Compare the claim with the derivative along ``tangents``."""
    line = Line(point, probe.cotangents, tangents)
    noise = line.noise(probe.gradients)
    numerical = relative_spacing(point, tangents)
    estimate = ladder.climb(line.change, noise, numerical)
    moved = [g for g, v in zip(probe.gradients, tangents, strict=True) if g is not None and v is not None]
    claimed = max((spacing(g.dtype) for g in moved), default=0.0)
    return Judgement(
        tangents,
        math.fsum(contributions(probe.gradients, tangents)),
        math.fsum(contributions(probe.gradients, tangents, magnitude=True)),
        claimed,
        noise * claimed / numerical,
        estimate,
    )


def relative_spacing(point: Point, tangents: Tangents) -> float:
    """The coarsest machine epsilon in the numerical derivative: of the outputs, or of the inputs that move."""
    moved = [v for v in tangents if v is not None]
    return max(spacing(array.dtype) for array in (*point.outputs, *moved))


def contributions(gradients: Sequence[Array | None], tangents: Tangents, *, magnitude: bool = False) -> list[float]:
    """``<g, v>`` of each input that moves, or ``<|g|, |v|>``; entries that stay contribute nothing."""
    found = []
    for g, v in zip(gradients, tangents, strict=True):
        if g is not None and v is not None:
            left = np.where(v != 0, g, 0).astype(np.float64).ravel()
            right = v.astype(np.float64).ravel()
            found.append(float(np.dot(np.abs(left), np.abs(right)) if magnitude else np.dot(left, right)))
    return found
