"""Rounding read off the same op in float32, whose rounding is 2**29 times as large."""

from __future__ import annotations

import math

import numpy as np

from ..float32_rounding import rounding_in_float32
from ..outcome import Outcome
from ..record import Excuse, Record
from .doubt import Doubt
from .sizes import is_large


def examine(record: Record) -> Excuse | None:
    """Whether what float32 is off by, scaled, is as large as the gap.

    So shows what large terms cancel to zero, or absorb a small one, where moving last bits shows nothing.
    """
    if is_large(record.point):
        return None
    noise = rounding_in_float32(record.point, record.probe, record.rng)
    if noise is None:
        return None
    cotangents = zip(record.probe.cotangents, noise.outputs, strict=True)
    forward = math.fsum(float(np.sum(np.abs(u) * n)) for u, n in cotangents)
    backward = math.fsum(
        float(np.sum(np.abs(v) * n))
        for v, n in zip(record.refuted.tangents, noise.gradients, strict=True)
        if v is not None and n is not None
    )
    agrees = record.refuted.widened(forward, backward).agrees
    return Excuse(Outcome.NOISE, record.refuted) if agrees else None


DOUBT = Doubt(
    "rounding by float32",
    "the same op in float32 shows that rounding is as large as the gap",
    "judge at inputs where large terms do not cancel",
    "ten forwards and ten backwards",
    examine,
)
