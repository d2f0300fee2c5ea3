"""One circumstance that could excuse a gradient that finite differences refute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..record import Excuse, Record


@dataclass(frozen=True)
class Doubt:
    """A row of the list of doubts.

    Attributes
    ----------
    name
        What reports call it.
    sentence
        What excuses a claim, as the reason for an outcome that is no verdict.
    advice
        What the user can do about it; empty where the claim then counts as right.
    cost
        Forwards and backwards that it adds, in words.
    examine
        Look at a direction along which the claim is refuted: the excuse, or None where this is none.
    """

    name: str
    sentence: str
    advice: str
    cost: str
    examine: Callable[[Record], Excuse | None]
