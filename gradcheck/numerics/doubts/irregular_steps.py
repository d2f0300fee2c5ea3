"""A slope that irregular steps do not bear out: a staircase of lost digits, which looks flat or regular to others."""

from __future__ import annotations

from collections.abc import Sequence

from ..fit import Fit, jumps_by, standing_noise_of
from ..limits import TELLS
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
    noise = standing_noise_of(fits)
    if _refutes(refuted, fits, 0.0) and (
        not noise or _refutes(refuted, fits, noise) or not _is_staircase(record, fits, noise)
    ):
        return None
    return Excuse(Outcome.NOISE, refuted)


def _refutes(refuted: Judgement, fits: Sequence[Fit], noise: float) -> bool:
    """Whether some scale refutes the claim, and none that would tell agrees with it."""
    errors = [fit.error_under(noise) + refuted.rounding for fit in fits]
    agree = [within(abs(refuted.claim - fit.slope), error) for fit, error in zip(fits, errors, strict=True)]
    tell = [within(TELLS * error, refuted.gap) for error in errors]
    return not all(agree) and not any(a and t for a, t in zip(agree, tell, strict=True))


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
