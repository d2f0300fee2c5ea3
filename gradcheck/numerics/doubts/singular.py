"""A singular point: the slope grows without bound as the step falls."""

from __future__ import annotations

from ..kink import is_singular
from ..outcome import Outcome
from ..record import Excuse, Record
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """A one-sided slope that grows over five steps in a row."""
    if record.interval is None and is_singular(record.rungs, record.noise):
        return Excuse(Outcome.SINGULAR, record.wide)
    return None


DOUBT = Doubt(
    "singular point",
    "a singular point: the slope grows without bound as the step falls",
    "keep the inputs away from it, Case(domains={...})",
    "none",
    examine,
)
