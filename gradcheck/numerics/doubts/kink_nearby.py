"""A kink of many branches: the claim lies among those at perturbed points."""

from __future__ import annotations

from ..clarke import can_be_nearer, claims_by_output, claims_nearby
from ..limits import FEW, MANY, NEARER
from ..outcome import Outcome
from ..record import Excuse, Record
from .doubt import Doubt
from .sizes import is_large


def examine(record: Record) -> Excuse | None:
    """Ask the backward nearby, a few times or many: a sample misses ends of a hull.

    Where all is smooth but terms cancel, claims nearby differ too, by less the nearer they are.
    """
    if is_large(record.point):
        return None
    asked = record.point, record.probe, record.refuted, record.rng
    for draws in (FEW, MANY):
        for ask in (claims_nearby, claims_by_output):
            nearby = ask(*asked, draws)
            if nearby is None and ask is claims_nearby:
                return None
            if nearby is not None and nearby.holds(record.refuted.claim):
                nearer = ask(*asked, draws, NEARER) if can_be_nearer(record.probe.gradients) else None
                closes = nearer is not None and nearby.closes_in(nearer)
                return None if closes else Excuse(Outcome.KINK, record.refuted)
    return None


DOUBT = Doubt(
    "kink nearby",
    "a kink of several branches: the claim lies among the gradients next to it (Clarke's generalized gradient)",
    "",
    "20 to 1,500 forwards and as many backwards",
    examine,
)
