"""GC301: the vjp is the derivative of the forward."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC301",
    "The vjp is the derivative of the forward: <vjp(u), v> = d/dt <u, F(x + t v)> at 0.",
    check.check,
    values=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.VALUES, Look.TIES), shared="value"),
)
