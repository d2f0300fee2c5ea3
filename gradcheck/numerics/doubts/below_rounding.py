"""Claim and measurement that are both less than the rounding of the cotangent that a gradient is made of."""

from __future__ import annotations

import math

import numpy as np

from ..limits import BELOW_ROUNDING
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
    return Excuse(Outcome.NOISE, refuted) if within(largest, BELOW_ROUNDING * given * math.fsum(least)) else None


DOUBT = Doubt(
    "below rounding",
    "claim and measurement are both less than the rounding of the cotangent",
    "judge at inputs where this gradient is not next to zero",
    "none",
    examine,
)
