"""GC203: the vjp gives the same answer however often it is called, whatever ran in between."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC203",
    "The same inputs and cotangent give the same gradients, however often and whatever ran in between.",
    check.check,
    jointly=True,
    stops=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.CALLS,), name="stale", sentence="state is kept from one call to the next"),
)
