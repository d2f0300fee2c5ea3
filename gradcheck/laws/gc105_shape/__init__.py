"""GC105: each raw gradient has the shape of its input."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC105",
    "The raw gradient of each input has the shape of that input, before anything broadcasts or sums it.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.VALUES,)),
)
