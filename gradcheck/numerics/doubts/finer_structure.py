"""Structure finer than every step so far: tiny steps agree with the claim, or have slopes without bound."""

from __future__ import annotations

import numpy as np

from ..kink import is_singular
from ..ladder import Ladder
from ..outcome import Outcome
from ..projection import judge
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt
from .sizes import is_large

_TINY = (2.0**-22, 2.0**-40)
_TINIEST = (2.0**-60, 2.0**-80)  # steps that move exact zeros only
_TELLS = 8.0  # an agreement counts where it would have shown the gap, with so much to spare


def examine(record: Record) -> Excuse | None:
    """Climb short ladders from tiny steps; those that move zeros only where there are some, of coarse outputs none."""
    point, refuted = record.point, record.refuted
    pairs = zip(point.inputs, refuted.tangents, strict=True)
    zeros = not is_large(point) and any(v is not None and bool(np.any((x == 0) & (v != 0))) for x, v in pairs)
    for first in () if point.coarse else (*_TINY, *_TINIEST) if zeros else _TINY[:1] if is_large(point) else _TINY:
        tiny = judge(point, record.probe, refuted.direction, Ladder(first=first, ratio=4.0, rungs=6))
        if refuted.size > 0 and tiny.agrees and within(_TELLS * tiny.tolerance, refuted.gap):
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
