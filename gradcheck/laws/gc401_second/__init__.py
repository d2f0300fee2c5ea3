"""GC401: where the op claims second derivatives, they are the derivative of its backward."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC401",
    "Second derivatives, where the op claims them, are finite and the derivative of its backward.",
    check.check,
    clues=Clues(looks=(Look.SECOND,)),
    applies=lambda trial: trial.case.order == 2,
)
