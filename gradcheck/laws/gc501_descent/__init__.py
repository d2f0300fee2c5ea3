"""GC501: a small enough step against the gradient lowers the cost."""

from ..clues import Clues
from ..descending import is_scalar
from ..law import Law
from . import check

LAW = Law(
    "GC501",
    "A small enough step against the gradient lowers the cost, for every cost-valued op.",
    check.check,
    clues=Clues(name="ascent", follows=True),
    applies=is_scalar,
)
