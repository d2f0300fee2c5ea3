"""GC502: the case's own update rule lowers the cost."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC502",
    "The update rule of the case lowers the cost for every small enough learning rate.",
    check.check,
    rests_on="descent",
    clues=Clues(name="update", follows=True),
    applies=lambda trial: trial.case.descent is not None,
)
