"""What the breach of a law says of its cause, for the diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """Where the cause of a breach can be seen."""

    VALUES = "values"  # in the numbers of the gradient, against the slopes of the forward
    CALLS = "calls"  # in what the vjp answers to other cotangents and at other calls
    SECOND = "second"  # in the numbers of the derivative of the backward
    EQUAL_SIZES = "equal sizes"  # where all sizes are equal, so that a missing transpose runs
    FINITE = "finite"  # in which entries are not finite
    TIES = "ties"  # in what was planted: entries that tie, or zeros
    NONE = "none"  # in which of the two was said: that there is a gradient, or that there is none


@dataclass(frozen=True)
class Clues:
    """Where to look, in order, and what is known by the breach alone.

    ``name`` is the cause that it is by itself, where nothing else was seen, and ``sentence`` says so where the finding
    names no likely cause. Errors of one argument with the same ``shared`` word have one cause. With ``follows`` a wrong
    gradient brings it about, so that its cause is that of the first error that is seen in values.
    """

    looks: tuple[Look, ...] = ()
    name: str = ""
    sentence: str = ""
    shared: str = ""
    follows: bool = False

    @property
    def in_values(self) -> bool:
        """Whether the numbers of the gradient show it."""
        return Look.VALUES in self.looks


NO_CLUES = Clues()
