"""GC205: returned gradients share no memory with anything else."""

from ..excuse import Excuse
from ..law import Law
from . import check

LAW = Law(
    "GC205",
    "Returned gradients share no memory with inputs, outputs, the cotangent or one another (a hazard).",
    check.check,
    alone=True,
    excuse=Excuse("sharing", "the same numbers, in memory that is shared: the gate says so (GC205, a hazard)"),
)
