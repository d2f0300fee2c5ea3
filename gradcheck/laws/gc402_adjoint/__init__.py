"""GC402: forward mode and backward are adjoint, ``<u, J v> = <vjp(u), v>``."""

from gradcheck.protocol import offered

from ..clues import Clues
from ..law import Law
from . import check

LAW = Law(
    "GC402",
    "Forward mode, where the op has it, is adjoint to the backward: <u, J v> = <vjp(u), v>.",
    check.check,
    clues=Clues(name="forward-mode"),
    applies=lambda trial: offered(trial.case.op, "jvp") is not None,
)
