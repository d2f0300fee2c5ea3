"""Inputs that something larger absorbs: not one bit of the outputs moves with them, at whatever step of their own size.

Beside a bias of 1 an input of 1e-300 is rounded away, and where the bias is taken out again its rounding is not in the
outputs either.
"""

from __future__ import annotations

from ..outcome import Outcome
from ..projection import judge
from ..record import Excuse, Record
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Where nothing moves at all, judge moves of size 1."""
    if not record.rungs or any(rung.plus or rung.minus for rung in record.rungs) or record.of_size_one is None:
        return None
    judged = judge(record.point, record.probe, record.of_size_one)
    return Excuse(Outcome.NOISE, judged) if judged.agrees else None


DOUBT = Doubt(
    "absorbed",
    "the input is so small that something larger absorbs it, and moves of size 1 bear the claim out",
    "judge at inputs of an ordinary size",
    "30 forwards where not one bit moves",
    examine,
)
