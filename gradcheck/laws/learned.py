"""What the laws find out about a trial beside what is broken."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gradcheck.numerics import Coarseness, Point
from gradcheck.report import Finding, Row
from gradcheck.trial import Trial


@dataclass(frozen=True)
class Learned:
    """What is known so far, and what one law adds to it: a law is given all of it, and yields what is new.

    Attributes
    ----------
    floor
        For each argument, the smallest relative error that would have been seen.
    still
        For each argument that does not move the forward, as claimed: in which part of what the others contribute a
        slope would have been seen; 0 where not one bit of the outputs changes.
    remarks
        What a reader should know of a backward in which nothing is wrong.
    coarseness
        How coarse the numbers of the outputs are; None as long as nobody had reason to ask.
    narrow
        The relative spacing of the numbers that a part of the forward computes with, where noise was met; 0 for that of
        its dtype.
    behaves
        Whether the vjp is linear, pure and repeatable, as the joint equation tells; None as long as nobody has asked.
    proved
        Whether it is the derivative.
    rough
        Whether a kink or an edge was met and no error.
    rows
        The table of a backward of few digits, a row per output and gradient.
    misled
        Whether what it is to be held against is wrong itself.
    unwritten
        Whether it returns memory that nobody has written, of whose values nothing more is to be said.
    """

    floor: Mapping[str, float] = field(default_factory=dict)
    still: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    coarseness: Coarseness | None = None
    behaves: bool | None = None
    proved: bool = False
    rough: bool = False
    rows: tuple[Row, ...] = ()
    misled: bool = False
    unwritten: bool = False
    narrow: float = 0.0

    def __or__(self, later: Learned) -> Learned:
        """Both together; of what both know the later one counts."""
        if self is NOTHING or later is NOTHING:
            return self if later is NOTHING else later
        return Learned(
            {**self.floor, **later.floor},
            {**self.still, **later.still},
            (*self.remarks, *later.remarks),
            later.coarseness or self.coarseness,
            self.behaves if later.behaves is None else later.behaves,
            self.proved or later.proved,
            self.rough or later.rough,
            (*self.rows, *later.rows),
            self.misled or later.misled,
            self.unwritten or later.unwritten,
            max(self.narrow, later.narrow),
        )

    def point(self, trial: Trial) -> Point:
        """The point as the numerics are to see it: with numbers as coarse as they were found to be."""
        coarse = self.coarseness.spacing if self.coarseness else 0.0
        return replace(trial.point, coarse=coarse) if coarse else trial.point


NOTHING = Learned()
"""What is known before a law was asked, and what most of them add to it."""

Found: TypeAlias = Finding | Learned


def gathered(found: Iterable[Found]) -> tuple[list[Finding], Learned]:
    """What is broken, and what was learned in all."""
    findings, learned = [], NOTHING
    for one in found:
        if isinstance(one, Learned):
            learned |= one
        else:
            findings.append(one)
    return findings, learned


def of_coarseness(trial: Trial, learned: Learned) -> Learned:
    """How coarse the numbers of the outputs are, with a remark where their digits show it; asked once."""
    if learned.coarseness is not None:
        return NOTHING
    found = trial.coarseness
    if not found.read:
        return Learned(coarseness=found)
    digits = round(-math.log10(found.spacing))
    remark = f"the forward keeps only about {digits} digits of its {trial.outputs[0].dtype} outputs"
    return Learned(coarseness=found, remarks=(remark,))
