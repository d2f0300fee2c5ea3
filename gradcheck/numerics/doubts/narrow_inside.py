"""A forward that computes in a narrower dtype inside, seen where its numbers move: its rounding is as large as the gap.

At a zero, a saturated value or next to 0 nothing of that shows: all steps there stay on one stair. What lies below the
smallest number of float16, or next to a 1 that absorbs it, moves the forward only where it moves by about 1; until then
it may be 0 inside, and its slope one of rounding. Beside an oscillation the steps that leave the stair are many periods
long: a ladder may settle there by accident, and irregular steps do not. An output of which not one bit moves may have
lost all of the input to a 1, however far that moves: of ``log(1 + x * x / n)`` at 1e-6, or of ``n`` there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..fit import Fit
from ..ladder import LADDER
from ..limits import TELLS
from ..outcome import Outcome
from ..projection import Judgement, judge
from ..record import Excuse, Record
from ..tolerance import Array, tiniest, within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Judge under the rounding of the narrower dtype: the same rungs, irregular steps, and moves of size 1.

    The last where inputs are smaller.
    """
    spacing = record.point.narrow()
    if not spacing:
        return None
    line, refuted = record.line, record.refuted
    smallest, still = _smallest(spacing), _still(record)
    below = sum(
        float((np.abs(u) * np.where(stays, spacing, smallest)).sum())
        for u, stays in zip(line.cotangents, still, strict=True)
    )
    noise = spacing * line.size + below
    rounded = refuted.widened(noise, spacing * refuted.size)
    between = bool(refuted.estimate.value)  # on a mere staircase the small steps see none, and the ladder is believed
    if rounded.agrees or (between and _is_borne_out(rounded, record.fits, noise)):
        return Excuse(Outcome.NOISE, rounded)
    wider = record.of_size_one
    if wider is None:
        return None
    judged = judge(record.point, record.probe, wider)
    judged = judged.widened(spacing * line.size, spacing * judged.size)
    return Excuse(Outcome.NOISE, judged) if judged.agrees else None


def _is_borne_out(rounded: Judgement, fits: Sequence[Fit], noise: float) -> bool:
    """Whether irregular steps of every scale at which they see a slope see the one that is claimed, under this noise.

    They see one where what is left beside the fit is that noise, or little beside the slope: many periods have none.
    """
    seen = [fit for fit in fits if within(fit.error, max(fit.weight * noise / fit.scale, abs(fit.slope) / TELLS))]
    gaps = [(abs(rounded.claim - fit.slope), fit.error_under(noise) + rounded.rounding) for fit in seen]
    return bool(gaps) and all(bool(within(gap, error)) for gap, error in gaps)


def _still(record: Record) -> list[Array]:
    """Which outputs stay, to the last bit, at the largest steps either way: a 1 inside may absorb all that moves."""
    line = record.line
    still = [np.ones(np.shape(u), np.bool_) for u in line.cotangents]
    for step in (LADDER.first, -LADDER.first):
        moved = line.outputs(step)
        if moved is None:
            return [np.zeros(np.shape(u), np.bool_) for u in line.cotangents]
        for stays, y, start in zip(still, moved, record.point.outputs, strict=True):
            stays &= np.ravel(y) == np.ravel(start)
    return still


def _smallest(spacing: float) -> float:
    """The smallest number of the dtype that a measured spacing is nearest to; bfloat16 has the range of float32."""
    half = abs(math.log2(spacing / float(np.finfo(np.float16).eps))) <= 1
    return tiniest(np.float16 if half else np.float32)


DOUBT = Doubt(
    "narrow inside",
    "the forward computes in a narrower dtype inside, whose rounding is as large as the gap",
    "let it compute in the dtype of its inputs, or judge it in the dtype that it computes in",
    "once a point 72 to 576 forwards; 30 a direction where inputs are small, and those of irregular steps",
    examine,
)
