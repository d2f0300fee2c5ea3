"""GC209: the forward inside the op is the forward alone."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC209",
    "The forward inside the op gives what the forward alone gives.",
    check.check,
    clues=Clues(name="forward-alone"),
)
