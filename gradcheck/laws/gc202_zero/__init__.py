"""GC202: a zero cotangent gives zero gradients."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC202",
    "A zero cotangent gives zero gradients.",
    check.check,
    jointly=True,
    values=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.VALUES, Look.CALLS)),
)
