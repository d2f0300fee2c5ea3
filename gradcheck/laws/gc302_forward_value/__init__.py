"""GC302: the forward computes what its twin computes."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC302",
    "The forward value equals the twin's.",
    check.check,
    values=True,
    rests_on="reference",
    clues=Clues(name="other-forward"),
    applies=lambda trial: trial.case.reference is not None,
)
