"""A gradient narrower than float64 whose gap goes away where the same backward runs in float64: its rounding."""

from __future__ import annotations

from ..outcome import Outcome
from ..record import Excuse, Record
from ..rounding import rounding_of_narrow
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Ask the same backward in float64."""
    rounded = rounding_of_narrow(record.point, record.probe, record.plain, record.rng)
    return None if rounded is None else Excuse(Outcome.AGREES, rounded)


DOUBT = Doubt(
    "narrow backward",
    "the gap is the rounding of a backward in a narrower dtype than float64",
    "",
    "one backward, four forwards",
    examine,
)
