"""GC107: gradients are finite where the forward is smooth."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC107",
    "Every gradient is finite where the forward is smooth, or has finite slopes on both sides.",
    check.check,
    values=True,
    of_the_backward=True,
    clues=Clues(looks=(Look.FINITE,), name="not-finite"),
)
