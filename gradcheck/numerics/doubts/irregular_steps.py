"""A slope that irregular steps do not bear out: a staircase of lost digits, which looks flat or regular to others."""

from __future__ import annotations

import math

from ..fit import RATIO, Fit, fit_at, standing_noise_of
from ..ladder import LADDER
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt

_TELLS = 8.0  # a scale tells where it would have shown the gap, with so much to spare
_SMALLEST = 2.0**-40  # no scale below this: what is left of it in float64 has three digits


def examine(record: Record) -> Excuse | None:
    """Refuted means: at some scale beyond the noise of all scales, and at every scale that would tell.

    Scales go from the largest step to that of the refuted estimate, so that no slope is believed for small steps alone.
    """
    if record.interval is not None:
        return None
    refuted, fits = record.refuted, _fits(record)
    if not fits:
        return None
    noise = standing_noise_of(fits)
    errors = [fit.error_under(noise) + refuted.rounding for fit in fits]
    agree = [within(abs(refuted.claim - fit.slope), error) for fit, error in zip(fits, errors, strict=True)]
    tell = [within(_TELLS * error, refuted.gap) for error in errors]
    if all(agree) or any(a and t for a, t in zip(agree, tell, strict=True)):
        return Excuse(Outcome.NOISE, refuted)
    return None


def _fits(record: Record) -> list[Fit]:
    """One fit a scale, at least two; without those where the forward is not finite."""
    own = record.refuted.estimate.step
    smallest = min(own if math.isfinite(own) else LADDER.first, LADDER.first / RATIO)
    found, scale = [], LADDER.first
    while scale >= max(smallest, _SMALLEST):
        found.append(fit_at(record.line.change, scale, record.rng))
        scale /= RATIO
    return [fit for fit in found if fit is not None]


DOUBT = Doubt(
    "irregular steps",
    "at irregular steps the forward is a staircase (digits are lost, or it works in a narrower dtype inside), and what "
    "they leave of its slope does not refute the claim",
    "write the forward so that it keeps its digits (log1p, expm1, float64 inside)",
    "16 forwards a scale, from two to twelve scales",
    examine,
)
