"""The long form of a code, as `gradcheck explain` says it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """In words for whoever has just read the code in a report.

    ``says`` is what the law demands, or why a point could not decide, in a sentence or two; ``matters`` what goes wrong
    where that is passed over; ``breaks`` the usual mistakes; ``mend`` what to do. ``asks`` is the question that leads a
    learner there without the answer; empty for what is no mistake.
    """

    says: str
    matters: str
    breaks: tuple[str, ...]
    mend: str
    asks: str = ""
