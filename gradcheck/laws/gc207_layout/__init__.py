"""GC207: the answer does not depend on how inputs and cotangent lie in memory."""

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC207",
    "The answer does not depend on the memory layout of inputs or cotangent.",
    check.check,
    jointly=True,
    of_the_backward=True,
    clues=Clues(name="layout", sentence="memory is read without regard to strides"),
)
