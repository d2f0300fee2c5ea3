"""A gap less than the smallest numbers of the gradients' dtype."""

from __future__ import annotations

import math

import numpy as np

from ..limits import ESTIMATE_FACTOR
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import tiniest, within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Below the smallest normal number digits are lost one by one."""
    sizes = [
        tiniest(g.dtype) * float(np.abs(v).sum(dtype=np.float64))
        for g, v in zip(record.probe.gradients, record.refuted.tangents, strict=True)
        if g is not None and v is not None
    ]
    below = within(record.refuted.gap, ESTIMATE_FACTOR * math.fsum(sizes))
    return Excuse(Outcome.NOISE, record.refuted) if below else None


DOUBT = Doubt(
    "underflow",
    "the gap is less than the smallest number of the dtype",
    "judge at larger inputs",
    "none",
    examine,
)
