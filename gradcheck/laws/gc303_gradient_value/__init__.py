"""GC303: the gradient equals the twin's; finite differences name the odd one out."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC303",
    "The gradient equals the twin's.",
    check.check,
    values=True,
    of_the_backward=True,
    rests_on="reference",
    clues=Clues(looks=(Look.VALUES,), shared="value"),
    applies=lambda trial: trial.case.reference is not None,
)
