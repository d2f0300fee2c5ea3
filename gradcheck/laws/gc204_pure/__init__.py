"""GC204: neither the op nor its vjp modifies what it was given."""

from ..law import Law
from . import check

LAW = Law(
    "GC204",
    "Inputs, options, cotangent and outputs are not modified, by the op or by its vjp.",
    check.check,
    alone=True,
    stops=True,
)
