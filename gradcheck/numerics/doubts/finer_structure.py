"""Structure finer than every step so far: tiny steps agree with the claim, or have slopes without bound."""

from __future__ import annotations

from ..kink import is_singular
from ..ladder import Ladder
from ..outcome import Outcome
from ..projection import judge
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt
from .sizes import is_large

_TINIEST = (2.0**-22, 2.0**-40, 2.0**-60, 2.0**-80)  # the last three move exact zeros only
_TELLS = 8.0  # an agreement counts where it would have shown the gap, with so much to spare


def examine(record: Record) -> Excuse | None:
    """Climb short ladders from tiny steps; of large inputs only one, of coarse outputs none."""
    point, refuted = record.point, record.refuted
    for first in _TINIEST[:1] if is_large(point) else () if point.coarse else _TINIEST:
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
