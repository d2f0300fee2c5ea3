"""GC208: the gradient of one input does not depend on which others want gradients."""

from gradcheck.protocol import offered

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC208",
    "The gradient of an input depends neither on which others want gradients nor on how unused outputs are said.",
    check.check,
    clues=Clues(name="subset"),
    applies=lambda trial: offered(trial.case.op, "wanting") is not None,
)
