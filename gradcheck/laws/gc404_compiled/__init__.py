"""GC404: compiled equals eager."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC404",
    "Compiled (op.compiled: jit, torch.compile), an op gives what it gives eagerly, also with one array in two places.",
    check.check,
    clues=Clues(name="compiled"),
    applies=check.applies,
)
