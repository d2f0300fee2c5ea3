"""Rounding of the forward, measured instead of assumed: under it large and small steps agree with the claim."""

from __future__ import annotations

from ..limits import SEEN
from ..outcome import Outcome
from ..projection import Judgement
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """What agrees, and would still have shown a relative error of 1e-3."""
    agreed = agreement(record.wide, record.narrow)
    return agreed if agreed is not None and within(agreed.judgement.tolerance, SEEN * record.plain.size) else None


def agreement(wide: Judgement, narrow: Judgement) -> Excuse | None:
    """What the ladder of large and the ladder of small steps say together; None where they refute the claim.

    Small steps agree with anything once rounding swamps them, so their agreement counts against the large
    ones only where their error bar excludes what the large ones found.
    """
    apart = abs(wide.estimate.value - narrow.estimate.value)
    if not narrow.seen:
        return Excuse(Outcome.AGREES, wide) if wide.agrees else None
    if wide.agrees:
        if narrow.agrees:
            return Excuse(Outcome.AGREES, wide)
        return None if within(apart, wide.tolerance) else Excuse(Outcome.NOISE, wide)
    if narrow.agrees and not within(apart, narrow.tolerance):
        return Excuse(Outcome.AGREES, narrow)
    return None


DOUBT = Doubt(
    "rounding",
    "the rounding of the forward, as measured, is as large as the gap",
    "",
    "about 30 forwards and 6 backwards, and the ladder of small steps",
    examine,
)
