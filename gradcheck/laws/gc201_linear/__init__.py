"""GC201: the vjp is linear in its cotangent."""

from ..law import Law
from . import check

LAW = Law(
    "GC201",
    "The vjp is linear in the cotangent: sign, scale and sum pass through it, for scalar outputs too.",
    check.check,
    values=True,
)
