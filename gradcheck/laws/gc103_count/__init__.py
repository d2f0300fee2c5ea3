"""GC103: one gradient per positional input."""

from ..law import Law
from . import check

LAW = Law(
    "GC103",
    "The vjp returns one entry per positional input, in their order, and each has the structure of its input.",
    check.check,
    blocks=True,
)
