"""One thing that must hold of a correct backward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gradcheck.report import Finding
from gradcheck.trial import Trial

Check = Callable[[Trial], Iterable[Finding]]


@dataclass(frozen=True)
class Law:
    """A stable code, its sentence, the function that finds where it is broken, and what that means for other laws.

    Attributes
    ----------
    blocks
        Once it has a finding, later laws have nothing well-formed to look at.
    alone
        It looks at one answer of the op, so that its errors mean something of an op that does not repeat itself.
    in_full
        For the law that others rest on: the check without any shortcut, asked before the first of them accuses.
    briefly
        For the same law: the check in as few calls as can be, asked where finite differences do not settle.
    stops
        An error of it spoils what later calls answer; the values are then asked of a fresh forward each time.
    values
        It is about the values of gradients and outputs, and can be asked so.
    """

    code: str
    sentence: str
    check: Check
    blocks: bool = False
    alone: bool = False
    in_full: Check | None = None
    briefly: Check | None = None
    stops: bool = False
    values: bool = False

    @property
    def needs_repeats(self) -> bool:
        """Whether its errors mean nothing of an op that does not repeat itself."""
        return not (self.blocks or self.alone or self.in_full is not None)

    @property
    def turn(self) -> tuple[bool, bool, bool, str]:
        """When it is asked: form first, then whether the op repeats itself, then what stops a check, then the rest."""
        return not self.blocks, self.in_full is None, not self.stops, self.code
