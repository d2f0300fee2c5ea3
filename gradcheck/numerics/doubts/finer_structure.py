"""Structure finer than every step so far: tiny steps agree with the claim, or have slopes without bound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..fit import Fit, fit_at, jumps_by
from ..kink import is_singular
from ..ladder import Estimate, Ladder
from ..limits import HIDES, SCALE_RATIO, SMALLEST_STEP, TELLS, TINIEST_STEPS, TINY_STEPS
from ..outcome import Outcome
from ..projection import Judgement, judge
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt
from .sizes import is_large


def examine(record: Record) -> Excuse | None:
    """Climb short ladders from tiny steps; those that move zeros only where there are some, of coarse outputs none."""
    point, refuted = record.point, record.refuted
    pairs = zip(point.inputs, refuted.tangents, strict=True)
    zeros = not is_large(point) and any(v is not None and bool(np.any((x == 0) & (v != 0))) for x, v in pairs)
    steps = (*TINY_STEPS, *TINIEST_STEPS) if zeros else TINY_STEPS[:1] if is_large(point) else TINY_STEPS
    for first in () if point.coarse else steps:
        tiny = judge(point, record.probe, refuted.direction, Ladder(first=first, ratio=4.0, rungs=6))
        if refuted.size > 0 and tiny.agrees and within(TELLS * tiny.tolerance, refuted.gap):
            return Excuse(Outcome.AGREES, tiny)
        if is_singular(tiny.estimate.rungs, tiny.estimate.noise):
            return Excuse(Outcome.SINGULAR, refuted)
    return None if point.coarse else _below_an_oscillation(record)


def _below_an_oscillation(record: Record) -> Excuse | None:
    """Whether the claim is the slope within one period of what large steps took for noise, as of ``x + h * sin(x)``.

    Where there is such noise at the smallest of them, beyond rounding and no staircase, fits at ever smaller scales see
    what it is made of.
    """
    refuted, fits, change = record.refuted, record.fits, record.line.change
    if record.interval is not None or not fits:
        return None
    noise, least = fits[-1].noise, HIDES * record.plain.estimate.noise
    if within(noise, least):
        return None
    below: list[Fit] = []
    scale = fits[-1].scale / SCALE_RATIO
    while not within(scale, SMALLEST_STEP):
        fit = fit_at(change, scale, record.rng)
        if fit is None:
            return None
        below.append(fit)
        error = fit.error + refuted.rounding
        if within(abs(refuted.claim - fit.slope), error) and within(TELLS * error, refuted.gap):
            outside = [*fits, *below][-2]  # the last window in which there is more than one period, or a jump
            jumps = jumps_by(lambda t: change(t) - refuted.claim * t, outside.scale, outside.noise, record.rng)
            return None if jumps else Excuse(Outcome.AGREES, replace(refuted, estimate=_told_by(fit, refuted)))
        if within(fit.noise, least) and not within(abs(refuted.claim - fit.slope), error):
            return None  # nothing hides below
        scale /= SCALE_RATIO
    return None


def _told_by(fit: Fit, refuted: Judgement) -> Estimate:
    """The slope of a fit with its error."""
    return replace(refuted.estimate, value=fit.slope, truncation=0.0, rounding=fit.error, step=fit.scale)


DOUBT = Doubt(
    "finer structure",
    "the forward has structure finer than the steps",
    "",
    "at most 48 forwards; 24 a scale where there is noise beyond rounding, and it is no staircase",
    examine,
)
