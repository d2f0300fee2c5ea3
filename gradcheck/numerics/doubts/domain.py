"""A forward that is not finite on both sides of the point, at any step."""

from __future__ import annotations

from ..kink import is_singular
from ..outcome import Outcome
from ..record import Excuse, Record
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Nothing was seen at large steps, nor at small ones."""
    if record.seen:
        return None
    outcome = Outcome.SINGULAR if is_singular(record.rungs, record.noise) else Outcome.DOMAIN
    return Excuse(outcome, record.plain)


DOUBT = Doubt(
    "edge of the domain",
    "the forward is not finite on both sides of this point",
    "say where the inputs lie, Case(domains={...}), so that the points stay away from the edge",
    "those of the ladder of small steps",
    examine,
)
