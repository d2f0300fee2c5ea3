"""GC106: each raw gradient has the dtype of its input."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC106",
    "The raw gradient of each input has the dtype of that input.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(name="dtype", sentence="a constant or a cast inside the backward changes the dtype"),
)
