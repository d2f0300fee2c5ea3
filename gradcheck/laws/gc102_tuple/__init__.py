"""GC102: the vjp returns a tuple."""

from ..law import Law
from . import check

LAW = Law("GC102", "The vjp returns a tuple, also for a single input.", check.check, blocks=True)
