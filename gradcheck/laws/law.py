"""One thing that must hold of a correct backward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from gradcheck.precision import Seen
from gradcheck.protocol import Case
from gradcheck.report import Finding
from gradcheck.trial import Trial

from .clues import NO_CLUES, Clues
from .excuse import Excuse
from .learned import Found, Learned

Check = Callable[[Trial, Learned], Iterable[Found]]
Ask = Callable[[Trial], Iterable[Finding]]  # of a trial alone, whatever was learned
OverExamples = Callable[[Case, Mapping[str, Sequence[Seen]]], Iterable[Finding]]  # rows by the name of their tensor


@dataclass(frozen=True)
class Law:
    """A stable code, its sentence, the function that finds where it is broken, and what a breach means for others.

    The function is given what is known so far, and yields what it finds and what it learned besides.

    Attributes
    ----------
    blocks
        Once it has a finding, later laws have nothing well-formed to look at.
    jointly
        It follows from the joint equation, so that it is asked only where that fails.
    alone
        It looks at one answer of the op, so that its errors mean something of an op that does not repeat itself.
    in_full
        For the law that others rest on: the check without any shortcut, asked before the first of them accuses.
    over_examples
        What it says of the rows of all examples together, for what no single one shows.
    climbs
        What it says over the examples is read off a ladder of lengths, which is asked for it.
    briefly
        For the same law: the check in as few calls as can be, asked where finite differences do not settle.
    stops
        An error of it spoils what later calls answer; the values are then asked of a fresh forward each time.
    values
        It is about the values of gradients and outputs, and can be asked so.
    of_the_backward
        The backward itself breaks it, in the gradient that a finding names or in what it returns: a line of it is to
        blame, and pointed at.
    rests_on
        What of the case it needs beside the op, its ``reference`` or its ``descent``, to be made again.
    clues
        Where the diagnosis looks for the cause.
    excuse
        Why two backwards that are both right may differ where it is said.
    applies
        Whether it has anything to ask of an op: one that claims no second derivative breaks no law about them.
    """

    code: str
    sentence: str
    check: Check
    blocks: bool = False
    jointly: bool = False
    alone: bool = False
    in_full: Ask | None = None
    over_examples: OverExamples | None = None
    climbs: bool = False
    briefly: Ask | None = None
    stops: bool = False
    values: bool = False
    of_the_backward: bool = False
    rests_on: Literal["", "reference", "descent"] = ""
    clues: Clues = NO_CLUES
    excuse: Excuse | None = None
    applies: Callable[[Trial], bool] = lambda trial: True

    @cached_property
    def about_repeating(self) -> bool:
        """Whether it asks if the op repeats itself, which is what others rest on."""
        return self.in_full is not None

    @cached_property
    def needs_repeats(self) -> bool:
        """Whether its errors mean nothing of an op that does not repeat itself."""
        return not (self.blocks or self.alone or self.about_repeating)

    @property
    def turn(self) -> tuple[bool, bool, bool, str]:
        """When it is asked: form first, then whether the op repeats itself, then what stops a check, then the rest."""
        return not self.blocks, not self.about_repeating, not self.stops, self.code
