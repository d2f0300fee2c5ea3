"""GC203: the vjp gives the same answer however often it is called, whatever ran in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .comparing import differences
from .law import Law
from .together import moved_elsewhere, together

_SHARED = "the op keeps state that another call of it overwrites"


def check(trial: Trial) -> Iterator[Finding]:
    """Ask the vjp of a second call of the op; run the op elsewhere; then ask the first vjp again."""
    if together(trial):
        return
    overwritten = trial.overwritten()
    if overwritten:
        yield Finding(
            "GC203",
            Severity.ERROR,
            f"the gradient of `{overwritten}` that the vjp returned was written over by a later call",
            argument=overwritten,
            likely_cause="the vjp returns a buffer that it uses again; return a copy",
        )
        return
    if not isinstance(trial.again, Failure) and _same_forward(trial, trial.again):
        found = _compare(trial, trial.ask(trial.again, trial.cotangents), "a second call of the op at the same inputs")
        if found:
            yield found
            return
    elsewhere = trial.call([moved_elsewhere(x) for x in trial.inputs])
    if not isinstance(elsewhere, Failure):
        trial.ask(elsewhere, [np.ones_like(y) for y in elsewhere.outputs])
    found = _compare(trial, trial.pull(trial.cotangents), "a second call of the vjp")
    if found:
        yield found if found.severity is Severity.HAZARD or _wears_out(trial) else replace(found, likely_cause=_SHARED)


def _same_forward(trial: Trial, again: Answer) -> bool:
    """A forward that is random has another gradient each time, rightly so; that is another law's business."""
    pairs = zip(trial.outputs, again.outputs, strict=False)
    return all(np.array_equal(before, after, equal_nan=True) for before, after in pairs)


def _compare(trial: Trial, again: tuple[Array | None, ...] | None, what: str) -> Finding | None:
    """The first difference between this answer and the first one."""
    if again is None:
        return Finding("GC203", Severity.ERROR, f"the vjp answered once, and {what} fails with the same cotangent")
    if _identical(again, trial.gradients):
        return None
    for argument, index, second, first in differences(trial, again, trial.gradients):
        message = f"{what} gives another gradient of `{argument}`: at {list(index)} {second:.6g}, before {first:.6g}"
        return Finding("GC203", Severity.ERROR, message, argument=argument, index=index, claimed=second, expected=first)
    return Finding("GC203", Severity.HAZARD, f"{what} differs in the last bits: its sums run in no fixed order")


def _wears_out(trial: Trial) -> bool:
    """Whether two calls of a fresh vjp in a row differ too, with nothing in between."""
    fresh = trial.call()
    if isinstance(fresh, Failure):
        return True
    first, second = (trial.ask(fresh, trial.cotangents) for _ in range(2))
    return first is None or second is None or not _identical(first, second)


def _identical(left: tuple[Array | None, ...], right: tuple[Array | None, ...]) -> bool:
    return all(
        a is b or (a is not None and b is not None and np.array_equal(a, b, equal_nan=True))
        for a, b in zip(left, right, strict=True)
    )


LAW = Law(
    "GC203",
    "The same inputs and cotangent give the same gradients, however often and whatever ran in between.",
    check,
)
