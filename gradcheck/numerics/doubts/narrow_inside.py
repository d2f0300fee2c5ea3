"""A forward that computes in a narrower dtype inside, seen where its numbers move: its rounding is as large as the gap.

At a zero, a saturated value or next to 0 nothing of that shows: all steps there stay on one stair.
"""

from __future__ import annotations

from ..outcome import Outcome
from ..record import Excuse, Record
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Judge the same rungs under the rounding of the narrower dtype."""
    spacing = record.point.narrow()
    if not spacing:
        return None
    line, refuted = record.line, record.refuted
    rounded = refuted.widened(spacing * line.size, spacing * refuted.size)
    return Excuse(Outcome.NOISE, rounded) if rounded.agrees else None


DOUBT = Doubt(
    "narrow inside",
    "the forward computes in a narrower dtype inside, whose rounding is as large as the gap",
    "let it compute in the dtype of its inputs, or judge it in the dtype that it computes in",
    "once a point 144 to 576 forwards",
    examine,
)
