"""The teeth of a saw that all steps cross: they agree on its mean slope, and say nothing of that of a tooth."""

from __future__ import annotations

import math

from ..limits import NO_ROUNDING, OUT_OF_NOISE
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Whether noise that is no rounding is as large as anything that moves.

    A forward that is flat has no more noise than rounding.
    """
    if record.interval is not None or within(record.noise, NO_ROUNDING * record.line.output_noise):
        return None
    moves = max((max(abs(r.plus), abs(r.minus)) for r in record.rungs if math.isfinite(r.slope)), default=0.0)
    return Excuse(Outcome.NOISE, record.refuted) if within(moves, OUT_OF_NOISE * record.noise) else None


DOUBT = Doubt(
    "saw",
    "the forward jumps up and down within every step that can be taken",
    "judge at smaller inputs, where one period is longer than a step",
    "none",
    examine,
)
