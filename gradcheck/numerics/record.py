"""What is known of one direction along which a claim was refuted: each part is measured when it is first asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .direction import Direction
from .fit import Fit, fit_at, standing_noise_of
from .kink import kink_interval
from .ladder import LADDER, Ladder, Rung
from .limits import ESTIMATE_FACTOR, FINE_RUNGS, FINER, FLAT, LEAVES, SCALE_RATIO, SMALLEST_STEP, STEPS_FAR, STEPS_HERE
from .line import Line, Point
from .outcome import Outcome
from .probe import Probe, probe_at
from .projection import Judgement, judge, relative_spacing
from .rounding import backward_noise, noise_beyond, noise_from_elsewhere, noise_here
from .tolerance import within


@dataclass(frozen=True)
class Excuse:
    """Why a claim that finite differences refute is not called wrong, and the comparison that says so."""

    outcome: Outcome
    judgement: Judgement


@dataclass
class Record:
    """One direction, judged by large steps (``plain``), by smaller ones (``fine``), and under measured noise.

    ``draw`` makes a direction of a probe like the one in question: the same inputs and entries move in it.
    """

    point: Point
    probe: Probe
    direction: Direction
    rng: np.random.Generator
    draw: Callable[[Probe], Direction]

    @cached_property
    def plain(self) -> Judgement:
        """The claim against the full ladder, under assumed rounding."""
        return judge(self.point, self.probe, self.direction)

    @cached_property
    def line(self) -> Line:
        """The line through the inputs."""
        return Line(self.point, self.probe.cotangents, self.direction.tangents)

    @cached_property
    def relative(self) -> float:
        """The coarsest machine epsilon in the numerical derivative."""
        return relative_spacing(self.point, self.direction.tangents)

    @cached_property
    def noise_from_elsewhere(self) -> float:
        """The noise that the forward has where its terms do not cancel; of one that looks flat, further away."""
        flat = any(rung.plus == 0 == rung.minus and within(FLAT, rung.step) for rung in self.plain.estimate.rungs)
        return noise_from_elsewhere(self.point, self.probe, self.rng, STEPS_FAR if flat else STEPS_HERE)

    @cached_property
    def noise(self) -> float:
        """The absolute noise of the forward, measured here, beyond a flat stretch, and elsewhere."""
        here = noise_here(self.line, self.plain, self.relative)
        return max(here, noise_beyond(self.line, self.plain), self.noise_from_elsewhere)

    @cached_property
    def backward_noise(self) -> float:
        """The absolute noise of the claim."""
        assumed = self.plain.estimate.noise
        coarser = max(1.0, self.noise / assumed) if assumed > 0 else 1.0
        carried = self.noise_from_elsewhere * self.plain.relative / self.relative
        return max(backward_noise(self.point, self.probe, self.plain, self.rng, coarser), carried)

    @cached_property
    def finer(self) -> Ladder:
        """The ladder of smaller steps."""
        return replace(LADDER, first=self._smaller_start(), rungs=FINE_RUNGS)

    @cached_property
    def fine(self) -> Judgement:
        """The claim against smaller steps."""
        return judge(self.point, self.probe, self.direction, self.finer)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """All steps so far."""
        return (*self.plain.estimate.rungs, *self.fine.estimate.rungs)

    @property
    def seen(self) -> bool:
        """Whether the forward is finite on both sides at any step."""
        return self.plain.seen or self.fine.seen

    @cached_property
    def wide(self) -> Judgement:
        """The large steps under measured noise."""
        return self.plain.widened(self.noise, self.backward_noise)

    @cached_property
    def narrow(self) -> Judgement:
        """The smaller steps under measured noise."""
        return self.fine.widened(self.noise, self.backward_noise, self.finer)

    @cached_property
    def interval(self) -> tuple[float, float] | None:
        """The one-sided slopes at a kink; None where there is none."""
        return kink_interval(self.rungs, max(self.noise, self.plain.estimate.noise))

    @cached_property
    def refuted(self) -> Judgement:
        """The comparison by which the claim is refuted: the sharper of the two, at a kink that with its slopes."""
        if self.interval is not None:
            return replace(self.wide, slopes=self.interval)
        return min((self.wide, self.narrow), key=lambda one: one.tolerance if one.seen else math.inf)

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        """The slopes at irregular steps, from the largest scale to that of the refuted estimate, two at least.

        Without those where the forward is not finite.
        """
        own = self.refuted.estimate.step
        smallest = min(own if math.isfinite(own) else LADDER.first, LADDER.first / SCALE_RATIO)
        found, scale = [], LADDER.first
        while within(max(smallest, SMALLEST_STEP), scale):
            found.append(fit_at(self.line.change, scale, self.rng))
            scale /= SCALE_RATIO
        return tuple(fit for fit in found if fit is not None)

    @property
    def believed(self) -> Judgement:
        """The refuting comparison with the slope that can be believed, where that of small steps cannot.

        On a staircase of lost digits they are stable and false: then it is the sharpest of the fits under the noise
        that stands at all scales, unless the small steps are within its error.
        """
        refuted = self.refuted
        if self.interval is not None or not self.fits:
            return refuted
        noise = standing_noise_of(self.fits)
        best = min(self.fits, key=lambda fit: fit.error_under(noise))
        error = best.error_under(noise)
        if within(abs(best.slope - refuted.estimate.value), error + ESTIMATE_FACTOR * refuted.estimate.error):
            return refuted
        estimate = replace(refuted.estimate, value=best.slope, truncation=0.0, rounding=error, step=best.scale)
        return replace(refuted, estimate=estimate)

    @cached_property
    def of_size_one(self) -> Direction | None:
        """The direction with every entry that is smaller than 1 moving by its tangent's part of 1; None without any.

        What absorbs such an input, or is too coarse for it, shows its slope only there.
        """
        direction, wider = self.direction, self.direction
        for position, (x, v, g) in enumerate(
            zip(self.point.inputs, direction.tangents, self.probe.gradients, strict=True)
        ):
            small = None if v is None else within(np.abs(x), 1.0) & (v != 0)
            if v is not None and small is not None and small.any():
                size = np.where(small, np.where(x == 0, np.abs(v), np.abs(x)), 1.0)
                wider = wider.replaced(position, np.asarray(v / size), g)
        return None if wider is direction else wider

    def elsewhere(self) -> Record | None:
        """Another cotangent and direction at the same point; None where the backward fails at it."""
        probe = probe_at(self.point, self.rng)
        return None if probe is None else replace(self, probe=probe, direction=self.draw(probe))

    def _smaller_start(self) -> float:
        """Where to start the ladder of small steps: where the slope first leaves what the large steps found.

        Large steps can settle on the slope of another region altogether (a normalised input of 1e8 with a spread
        of 1 has structure only at a relative step of 1e-8).
        """
        estimate = self.plain.estimate
        start = estimate.step * FINER if math.isfinite(estimate.step) else LADDER.first * FINER
        step = start
        while self.plain.seen and not within(step, SMALLEST_STEP):
            slope = (self.line.change(step) - self.line.change(-step)) / (2 * step)
            if not within(abs(slope - estimate.value), estimate.error + LEAVES * self.noise / step):
                return step
            step *= FINER
        return start
