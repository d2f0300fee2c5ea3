"""GC204: neither the op nor its vjp modifies what it was given."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC204",
    "Inputs, options, cotangent and outputs are not modified, by the op or by its vjp.",
    check.check,
    alone=True,
    stops=True,
    clues=Clues(name="in-place", sentence="an in-place operation (+=, *=, out=, a write into a view)"),
)
