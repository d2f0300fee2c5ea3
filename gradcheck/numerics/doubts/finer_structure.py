"""Structure finer than every step so far: tiny steps agree with the claim, or have slopes without bound."""

from __future__ import annotations

import numpy as np

from ..kink import is_singular
from ..ladder import Ladder
from ..limits import TELLS, TINIEST_STEPS, TINY_STEPS
from ..outcome import Outcome
from ..projection import judge
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt
from .sizes import is_large


def examine(record: Record) -> Excuse | None:
    """Climb short ladders from tiny steps; those that move zeros only where there are some, of coarse outputs none."""
    point, refuted = record.point, record.refuted
    pairs = zip(point.inputs, refuted.tangents, strict=True)
    zeros = not is_large(point) and any(v is not None and bool(np.any((x == 0) & (v != 0))) for x, v in pairs)
    steps = (*TINY_STEPS, *TINIEST_STEPS) if zeros else TINY_STEPS[:1] if is_large(point) else TINY_STEPS
    for first in () if point.coarse else steps:
        tiny = judge(point, record.probe, refuted.direction, Ladder(first=first, ratio=4.0, rungs=6))
        if refuted.size > 0 and tiny.agrees and within(TELLS * tiny.tolerance, refuted.gap):
            return Excuse(Outcome.AGREES, tiny)
        if is_singular(tiny.estimate.rungs, tiny.estimate.noise):
            return Excuse(Outcome.SINGULAR, refuted)
    return None


DOUBT = Doubt(
    "finer structure",
    "the forward has structure finer than the steps",
    "",
    "at most 48 forwards",
    examine,
)
