"""Outputs that stay where they are, bit for bit, beside others that move: their rounding is not in the differences."""

from __future__ import annotations

from dataclasses import replace

from ..ladder import LADDER
from ..limits import TELLS
from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """The rungs that agree with the claim to the rounding of those outputs alone that move, and would show the gap.

    Beside outputs of 1e12 that stay where they are a small oscillation looks flat at all steps at which it stands out
    of their rounding. This excuses and never accuses: outputs that stay may have absorbed what they should have moved.
    """
    if record.interval is not None:
        return None
    direction = record.direction
    for judgement, ladder in ((record.plain, LADDER), (record.fine, record.finer)):
        noise = record.line.noise_of_what_moves(ladder.first, direction.shares, direction.factors)
        sharper = replace(judgement, estimate=ladder.settle(judgement.estimate.rungs, noise, record.relative))
        if sharper.agrees and within(TELLS * sharper.tolerance, record.wide.gap):
            return Excuse(Outcome.AGREES, sharper)
    return None


DOUBT = Doubt(
    "outputs that stay",
    "the claim agrees to the rounding of the outputs that move; larger ones that stay only hid it",
    "",
    "two forwards",
    examine,
)
