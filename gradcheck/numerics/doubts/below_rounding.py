"""Claim and measurement that are both less than the rounding of the cotangent that a gradient is made of."""

from __future__ import annotations

import math

import numpy as np

from ..fit import standing_noise_of
from ..limits import BELOW_ROUNDING, TELLS
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Of ``x - tanh(x)`` at 1e-9 the forward has lost all digits, and of ``u - u (1 - y**2)`` so has the backward."""
    probe, refuted = record.probe, record.refuted
    given = max((float(np.abs(u).max(initial=0.0)) for u in probe.cotangents), default=0.0)
    least = [
        record.point.spacing(g) * float(np.abs(v).sum(dtype=np.float64))
        for g, v in zip(probe.gradients, refuted.tangents, strict=True)
        if g is not None and v is not None
    ]
    largest = max(abs(refuted.claim), abs(refuted.estimate.value))
    if not within(largest, BELOW_ROUNDING * given * math.fsum(least)) or _is_measured(record):
        return None
    return Excuse(Outcome.NOISE, refuted)


def _is_measured(record: Record) -> bool:
    """Whether irregular steps see a slope that is none of rounding: then the forward has kept what it had to show."""
    noise = standing_noise_of(record.fits) if record.fits else 0.0
    return any(not within(abs(fit.slope), TELLS * fit.error_under(noise)) for fit in record.fits)


DOUBT = Doubt(
    "below rounding",
    "claim and measurement are both less than the rounding of the cotangent",
    "judge at inputs where this gradient is not next to zero",
    "those of irregular steps",
    examine,
)
