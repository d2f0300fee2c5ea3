"""GC603: the error of a backward of few digits grows no faster with a reduction than rounding does."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC603",
    "At low precision the error grows no faster with the length of a reduction than rounding does.",
    check.check,
    over_examples=check.over_examples,
    climbs=True,
    clues=Clues(name="accumulator", sentence="sums are added up in too few digits"),
    applies=lambda trial: trial.measured is not None,
)
