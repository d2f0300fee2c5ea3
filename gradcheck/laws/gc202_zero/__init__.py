"""GC202: a zero cotangent gives zero gradients."""

from ..law import Law
from . import check

LAW = Law("GC202", "A zero cotangent gives zero gradients.", check.check, values=True)
