"""GC103: one gradient per positional input."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC103",
    "The vjp returns one entry per positional input, in their order, and each has the structure of its input.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(name="wrong-count", sentence="an input has no entry in what the backward returns"),
)
