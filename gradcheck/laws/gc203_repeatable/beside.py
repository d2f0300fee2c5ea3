"""At a kink the slope of either side will do, but not one after a call on this side and another after one on that."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding
from gradcheck.trial import Trial

from ..joint_equation import moved_elsewhere
from .check import compared

_CAUSE = "the forward keeps something of the call before, such as the cell of a table in which it found the last value"


def beside_a_kink(trial: Trial) -> Iterator[Finding]:
    """Ask a fresh vjp at the point after a call of the op nearer to 0, and again after one further from it.

    Where there is no kink both sides have one slope, so that this is asked where one was met, and nowhere else.
    """
    for away, where in ((False, "nearer to 0"), (True, "further from 0")):
        trial.call([moved_elsewhere(x, away=away) for x in trial.inputs])
        answer = trial.pull(trial.cotangents, trial.inputs)
        found = compared(trial, answer, f"at this kink a call of the op after one {where}", _CAUSE)
        if found is not None:
            yield found
            return
