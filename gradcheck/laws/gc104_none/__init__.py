"""GC104: None exactly where no gradient exists."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC104",
    "A gradient is None exactly where none exists: for inputs that are neither floating nor complex.",
    check.check,
    blocks=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.NONE,)),
)
