"""GC403: a batch gives what its examples give one by one."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC403",
    "A batch (op.batched, vmap), whichever inputs have a batch axis, gives what a loop over its examples gives.",
    check.check,
    clues=Clues(name="batched"),
    applies=check.applies,
)
