"""Large and small steps that measure different numbers: the errors of both are underestimated."""

from __future__ import annotations

from ..limits import ESTIMATE_FACTOR
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Whether the two estimates disagree beyond their errors, as on a staircase of lost digits."""
    wide, narrow = record.wide, record.narrow
    if record.interval is not None or not (wide.seen and narrow.seen):
        return None
    apart = abs(wide.estimate.value - narrow.estimate.value)
    if within(apart, ESTIMATE_FACTOR * (wide.estimate.error + narrow.estimate.error)):
        return None
    return Excuse(Outcome.NOISE, wide)


DOUBT = Doubt(
    "two scales",
    "large and small steps measure different slopes, so neither is believed",
    "judge at inputs of an ordinary size, where the forward keeps its digits",
    "none",
    examine,
)
