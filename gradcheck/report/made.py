"""Where a mistake was made, as a report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from gradcheck.protocol.source import SourceLine


@dataclass(frozen=True)
class Made:
    """The line in which a mistake was made; what follows it only inherits.

    Attributes
    ----------
    where
        The first line whose value is wrong while all that it reads is right. Where it can only be told that it is one
        of several, the last of these.
    name
        The quantity that the line computes, ``dZ2``; empty where it has no name.
    certain
        Whether numbers say so: what the line reads is right, what it computes is wrong, and with the true value in its
        place all that follows is right.
    among
        The lines one of which it is; one where that can be told.
    factor
        What would put that line right, in a sentence: without a factor, or with a small edit; None where nothing would.
    right
        Quantities that the backward computes before it, and that are right.
    """

    where: SourceLine
    name: str = ""
    certain: bool = False
    among: tuple[SourceLine, ...] = ()
    factor: str | None = None
    right: tuple[str, ...] = ()

    @property
    def told(self) -> bool:
        """Whether it is one line."""
        return len(self.among) <= 1
