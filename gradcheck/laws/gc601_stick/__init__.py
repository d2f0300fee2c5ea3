"""GC601: the error of a backward of few digits is within the measuring stick."""

from ..clues import Clues, Look
from ..law import Law
from . import check

LAW = Law(
    "GC601",
    "At low precision the error of every output and gradient is within the measuring stick: k times that of PyTorch's "
    "autograd at the same dtype and inputs, and the rounding to the dtype.",
    check.check,
    of_the_backward=True,
    rests_on="reference",
    clues=Clues(looks=(Look.VALUES,), shared="value"),
    applies=lambda trial: trial.measured is not None,
)
