"""Another cotangent and direction along which the claim is not refuted."""

from __future__ import annotations

from collections.abc import Sequence

from ..limits import DIRECTIONS
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def asked_of(doubts: Sequence[Doubt]) -> Doubt:
    """The doubt that asks these again along other directions.

    One that agrees excuses nothing unless it would have seen the same relative gap: where it claims nothing, anything
    agrees.
    """

    def examine(record: Record) -> Excuse | None:
        refuted = record.refuted
        for _ in range(DIRECTIONS):
            fresh = record.elsewhere()
            if fresh is None:
                return Excuse(Outcome.NOISE, refuted)
            excuse = _excused(fresh, doubts)
            if excuse is None:
                return None
            if excuse.outcome is not Outcome.AGREES:
                return Excuse(excuse.outcome, refuted)
            if within(excuse.judgement.tolerance * refuted.size, refuted.gap * excuse.judgement.size):
                return Excuse(Outcome.NOISE, refuted)
        return None

    return Doubt(
        "another direction",
        "along another direction the claim is not refuted",
        "judge at other inputs",
        "three times those of one direction",
        examine,
    )


def _excused(record: Record, doubts: Sequence[Doubt]) -> Excuse | None:
    """The first excuse of a direction; that it agrees at once is one too."""
    if record.plain.agrees:
        return Excuse(Outcome.AGREES, record.plain)
    return next((excuse for doubt in doubts if (excuse := doubt.examine(record)) is not None), None)
