"""One reason why a point could not decide."""

from __future__ import annotations

from dataclasses import dataclass

from ..excuse import Excuse


@dataclass(frozen=True)
class Reason:
    """A stable code; its words and examples are in its folder, as those of a law are.

    Attributes
    ----------
    undecided
        The word under which an example is counted that decided nothing for this reason; empty where it may decide.
    excuse
        Why two backwards that are both right may differ where it is said.
    """

    code: str
    undecided: str = ""
    excuse: Excuse | None = None
