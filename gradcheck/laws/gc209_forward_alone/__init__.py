"""GC209: the forward inside the op is the forward alone."""

from gradcheck.protocol import offered

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC209",
    "The forward inside the op gives what the forward alone gives.",
    check.check,
    clues=Clues(name="forward-alone"),
    applies=lambda trial: offered(trial.case.op, "forward") is not None,
)
