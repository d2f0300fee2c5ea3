"""GC206: the forward gives the same output at the same inputs."""

from ..law import Law
from . import check

LAW = Law(
    "GC206",
    "The forward gives the same output at the same inputs (a hazard).",
    check.check,
    jointly=True,
    in_full=check.in_full,
    briefly=check.briefly,
)
