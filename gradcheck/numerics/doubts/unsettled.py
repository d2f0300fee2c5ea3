"""A measurement that never settled, or that no longer refutes the claim once its noise is measured."""

from __future__ import annotations

from ..limits import UNSETTLED
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Whether truncation met rounding, or the gap is far beyond both."""
    if record.interval is not None:
        return None
    best = record.refuted
    clear = best.estimate.settled or not within(best.gap, UNSETTLED * best.tolerance)
    return None if clear and not best.agrees else Excuse(Outcome.NOISE, best)


DOUBT = Doubt(
    "unsettled",
    "finite differences do not settle here",
    "judge at other inputs, or at fewer of them",
    "none",
    examine,
)
