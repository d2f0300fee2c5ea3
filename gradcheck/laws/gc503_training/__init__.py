"""GC503: training at the case's own data and learning rate lowers the cost at every step."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC503",
    "Training at the case's own data and learning rate raises the cost at no step.",
    check.check,
    rests_on="descent",
    clues=Clues(name="training", follows=True),
    applies=lambda trial: trial.case.descent is not None and trial.case.descent.steps > 0,
)
