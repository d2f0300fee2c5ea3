"""GC602: the errors of a backward of few digits average out over the examples."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC602",
    "At low precision errors average out: over the examples they do not go one way.",
    check.check,
    over_examples=check.over_examples,
    clues=Clues(name="cut-off", sentence="results are cut off instead of rounded to the nearest"),
    applies=lambda trial: trial.measured is not None,
)
