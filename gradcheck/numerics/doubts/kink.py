"""A kink: the claim lies between the one-sided slopes, so it is a subgradient."""

from __future__ import annotations

from dataclasses import replace

from ..outcome import Outcome
from ..record import Excuse, Record
from ..tolerance import within
from .doubt import Doubt

_ACROSS = 2.0**-6  # of the kink's width: a claim that changes by more under a jitter has crossed the kink


def examine(record: Record) -> Excuse | None:
    """Right between the one-sided slopes. What changes when a jitter crosses the kink is no rounding."""
    if record.interval is None:
        return None
    low, high = record.interval
    slack = record.wide.backward_noise
    if not within(slack, (high - low) * _ACROSS):
        slack = replace(record.wide, backward_noise=0.0).rounding
    claim = record.wide.claim
    inside = within(low - slack, claim) and within(claim, high + slack)
    return Excuse(Outcome.KINK, record.refuted) if inside else None


DOUBT = Doubt(
    "kink",
    "a kink: the claim lies between the one-sided slopes (a subgradient)",
    "",
    "none",
    examine,
)
