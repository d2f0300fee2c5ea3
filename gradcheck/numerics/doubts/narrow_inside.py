"""A forward that computes in a narrower dtype inside, seen where its numbers move: its rounding is as large as the gap.

At a zero, a saturated value or next to 0 nothing of that shows: all steps there stay on one stair. What lies below the
smallest number of float16, or next to a 1 that absorbs it, moves the forward only where it moves by about 1; until then
it may be 0 inside, and its slope one of rounding.
"""

from __future__ import annotations

import math

import numpy as np

from ..direction import Direction
from ..outcome import Outcome
from ..projection import judge
from ..record import Excuse, Record
from ..tolerance import Array, tiniest, within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Judge the same rungs under the rounding of the narrower dtype, and moves of size 1 where inputs are smaller."""
    spacing = record.point.narrow()
    if not spacing:
        return None
    line, refuted = record.line, record.refuted
    below = _smallest(spacing) * sum(float(np.abs(u).sum()) for u in line.cotangents)
    rounded = refuted.widened(spacing * line.size + below, spacing * refuted.size)
    if rounded.agrees:
        return Excuse(Outcome.NOISE, rounded)
    wider = _of_size_one(record)
    if wider is None:
        return None
    judged = judge(record.point, record.probe, wider)
    judged = judged.widened(spacing * line.size, spacing * judged.size)
    return Excuse(Outcome.NOISE, judged) if judged.agrees else None


def _of_size_one(record: Record) -> Direction | None:
    """The direction with every entry that is smaller than 1 moving by its tangent's part of 1; None without any."""
    wider = record.direction
    for position, (x, v, g) in enumerate(
        zip(record.point.inputs, record.direction.tangents, record.probe.gradients, strict=True)
    ):
        if v is not None and v.any():
            moves = _wider(x, v)
            wider = wider if moves is v else wider.replaced(position, moves, g)
    return None if wider is record.direction else wider


def _wider(x: Array, v: Array) -> Array:
    small = within(np.abs(x), 1.0) & (v != 0)
    if not small.any():
        return v
    size = np.where(x == 0, np.abs(v), np.abs(x))
    return np.asarray(np.where(small, v / np.where(small, size, 1.0), v))


def _smallest(spacing: float) -> float:
    """The smallest number of the dtype that a measured spacing is nearest to; bfloat16 has the range of float32."""
    half = abs(math.log2(spacing / np.finfo(np.float16).eps)) <= 1
    return tiniest(np.float16 if half else np.float32)


DOUBT = Doubt(
    "narrow inside",
    "the forward computes in a narrower dtype inside, whose rounding is as large as the gap",
    "let it compute in the dtype of its inputs, or judge it in the dtype that it computes in",
    "once a point 144 to 576 forwards; 30 a direction where inputs are small",
    examine,
)
