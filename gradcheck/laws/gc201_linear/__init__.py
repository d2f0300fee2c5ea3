"""GC201: the vjp is linear in its cotangent."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC201",
    "The vjp is linear in the cotangent: sign, scale and sum pass through it, for scalar outputs too.",
    check.check,
    jointly=True,
    values=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.VALUES, Look.CALLS)),
)
