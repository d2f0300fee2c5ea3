"""Structure finer than every step so far: tiny steps agree with the claim, or have slopes without bound."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..fit import Fit, fit_at, jumps_by
from ..kink import is_singular
from ..ladder import LADDER, Estimate, Ladder
from ..limits import HIDES, SCALE_RATIO, SMALLEST_STEP, TELLS, TINIEST_STEPS, TINY_STEPS
from ..one_stair import is_on_one_stair
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
        agrees = refuted.size > 0 and tiny.agrees and within(TELLS * tiny.tolerance, refuted.gap)
        if agrees and not is_on_one_stair(point, record.probe, refuted, _largest(refuted), first):
            return Excuse(Outcome.AGREES, tiny)
        if is_singular(tiny.estimate.rungs, tiny.estimate.noise):
            return Excuse(Outcome.SINGULAR, refuted)
    return None if point.coarse else _below_an_oscillation(record)


def _below_an_oscillation(record: Record) -> Excuse | None:
    """Whether the claim is the slope within one period of what large steps took for noise, as of ``x + h * sin(x)``.

    Where there is such noise at the scale of the refuted estimate, beyond rounding and no staircase, fits at ever
    smaller scales see what it is made of.
    """
    refuted, change = record.refuted, record.line.change
    if record.interval is not None or not math.isfinite(refuted.estimate.step):
        return None
    rng = np.random.default_rng(0)  # of its own, so that what is asked later draws what it always did
    least = HIDES * record.plain.estimate.noise
    outside: Fit | None = None  # of the windows in which there is more than one period, or a jump, that of most noise
    agrees: Fit | None = None  # the sharpest of those that do
    scale = _largest(refuted)
    while not within(scale, SMALLEST_STEP):
        fit = fit_at(change, scale, rng)
        if fit is None:
            return None
        resolved = bool(within(fit.noise, least))
        if resolved and outside is None:
            return None
        if resolved and not within(abs(refuted.claim - fit.slope), fit.error + refuted.rounding):
            return None  # nothing hides below
        if resolved and (agrees is None or fit.error < agrees.error):
            agrees = fit
        elif resolved:
            break
        elif outside is None or fit.noise > outside.noise:
            outside = fit
        scale /= SCALE_RATIO
    return None if agrees is None or outside is None else _told(record, agrees, outside, rng)


def _largest(refuted: Judgement) -> float:
    """The scale of the steps by which a claim is refuted, or the largest where structure is looked for."""
    step = refuted.estimate.step
    return min(step if math.isfinite(step) else LADDER.first, LADDER.first / SCALE_RATIO)


def _told(record: Record, fit: Fit, outside: Fit, rng: np.random.Generator) -> Excuse | None:
    """What a fit within one period says for the claim: that it is right, or that it may be.

    It may be where an oscillation of that noise can have, within the window of the fit, a slope of the size of the gap.
    """
    refuted = record.refuted
    error = fit.error + refuted.rounding
    change = record.line.change
    if not within(refuted.gap, fit.weight * outside.noise / fit.scale):
        return None
    if jumps_by(lambda t: change(t) - refuted.claim * t, outside.scale, outside.noise, rng, down_to=fit.scale):
        return None
    tells = bool(within(TELLS * error, refuted.gap))
    judgement = replace(refuted, estimate=_told_by(fit, refuted))
    return Excuse(Outcome.AGREES, judgement) if tells else Excuse(Outcome.NOISE, refuted)


def _told_by(fit: Fit, refuted: Judgement) -> Estimate:
    """The slope of a fit with its error."""
    return replace(refuted.estimate, value=fit.slope, truncation=0.0, rounding=fit.error, step=fit.scale)


DOUBT = Doubt(
    "finer structure",
    "the forward has structure finer than the steps",
    "judge at smaller inputs, where it is as wide as they are",
    "at most 48 forwards; 24 a scale where there is noise beyond rounding, and it is no staircase",
    examine,
)
