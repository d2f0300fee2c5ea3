"""GC107: gradients are finite where the forward is smooth."""

from ..law import Law
from . import check

LAW = Law(
    "GC107",
    "Every gradient is finite where the forward is smooth, or has finite slopes on both sides.",
    check.check,
    values=True,
)
