"""Rounding so large that agreement under it shows less than three digits."""

from __future__ import annotations

from ..record import Excuse, Record
from .doubt import Doubt
from .rounding import agreement


def examine(record: Record) -> Excuse | None:
    """What agrees, however little it would have shown; beside a kink that is nothing."""
    return agreement(record.wide, record.narrow) if record.interval is None else None


DOUBT = Doubt(
    "coarse rounding",
    "the rounding of the forward is so large that hardly any error would have been seen",
    "judge at inputs of an ordinary size, or sum fewer terms that cancel",
    "none",
    examine,
)
