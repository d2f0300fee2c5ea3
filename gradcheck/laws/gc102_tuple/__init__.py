"""GC102: the vjp returns a tuple."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC102",
    "The vjp returns a tuple, also for a single input.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(name="no-tuple", sentence="the backward does not return a tuple with one entry per input"),
)
