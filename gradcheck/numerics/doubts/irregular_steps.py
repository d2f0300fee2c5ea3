"""A slope that irregular steps do not bear out: a staircase of lost digits, which looks flat or regular to others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..fit import Fit, jumps_by, second_jump, standing_noise_of
from ..limits import HIDES, SCALE_RATIO, TELLS
from ..outcome import Outcome
from ..projection import Judgement
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Refuted means: at some scale beyond the noise of all scales, and at every scale that would tell.

    Scales go from the largest step to that of the refuted estimate, so that no slope is believed for small steps alone.
    """
    if record.interval is not None:
        return None
    refuted, fits = record.refuted, record.fits
    if not fits:
        return None
    noise, excuse = standing_noise_of(fits), Excuse(Outcome.NOISE, refuted)
    if not _refutes(refuted, fits, 0.0):
        return excuse
    if noise and not _refutes(refuted, fits, noise) and _is_staircase(record, fits, noise):
        return excuse
    few = _noise_of_few_stairs(record, fits) if within(noise, HIDES * record.plain.estimate.noise) else 0.0
    return None if _refutes(refuted, fits, few) else excuse


def _refutes(refuted: Judgement, fits: Sequence[Fit], noise: float) -> bool:
    """Whether some scale refutes the claim, and none that would tell agrees with it."""
    errors = [fit.error_under(noise) + refuted.rounding for fit in fits]
    agree = [within(abs(refuted.claim - fit.slope), error) for fit, error in zip(fits, errors, strict=True)]
    tell = [within(TELLS * error, refuted.gap) for error in errors]
    return not all(agree) and not any(a and t for a, t in zip(agree, tell, strict=True))


def _noise_of_few_stairs(record: Record, fits: Sequence[Fit]) -> float:
    """The noise at the smallest scale that shows any, of stairs that are about as wide as that scale; 0 without them.

    On a single stair there is none beside a slope that is false, and further out it is that of a curve. What falls
    faster than beside a bend is smooth, and a single jump is no staircase.
    """
    noisy = [number for number, fit in enumerate(fits) if not within(fit.left, HIDES * record.plain.estimate.noise)]
    if not noisy:
        return 0.0
    noise = fits[noisy[-1]].left
    rng = np.random.default_rng(0)  # of its own, so that what is asked later draws what it always did
    for fit, coarser in pairwise(fits[noisy[-1] :: -1]):
        if not within(coarser.left, SCALE_RATIO * fit.left):
            break
        height = second_jump(record.line.change, coarser.scale, noise, rng)
        if height:
            return max(noise, height)
    return 0.0


def _is_staircase(record: Record, fits: Sequence[Fit], noise: float) -> bool:
    """Whether the noise is made of jumps, at the smallest scale at which it stands."""
    scale = min(fit.scale for fit in fits if within(noise, fit.noise))
    return jumps_by(record.line.change, scale, noise, record.rng)


DOUBT = Doubt(
    "irregular steps",
    "at irregular steps the forward is a staircase (digits are lost, or it works in a narrower dtype inside), and what "
    "they leave of its slope does not refute the claim",
    "write the forward so that it keeps its digits (log1p, expm1, float64 inside)",
    "12 forwards a scale, from two to thirteen scales; 24 more where noise stands",
    examine,
)
