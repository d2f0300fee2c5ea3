"""How a suspicion ends."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a suspicion ends."""

    AGREES = "agrees"
    WRONG = "wrong"
    KINK = "kink"
    SINGULAR = "singular"
    DOMAIN = "domain"
    NOISE = "noise"
