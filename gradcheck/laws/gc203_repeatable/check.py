"""GC203: the vjp gives the same answer however often it is called, whatever ran in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gradcheck.numerics.blocks import same
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Gradients, Trial

from ..comparing import differences
from ..joint_equation import moved_elsewhere
from ..learned import Found, Learned
from ..linear_combination import adds_up
from ..unwritten import CAUSE, NAME, unwritten_gradients

_SHARED = "the op keeps state that another call of it overwrites"
_BY_IDENTITY = "what an array held once is kept under its id() or beside it, and not noticed to be out of date"


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Ask the vjp of a second call of the op; run the op elsewhere; then ask the first vjp again.

    The op is also called twice with the same array objects, of other contents the first time. That sums run in no fixed
    order is a remark. First of all it is asked whether somebody has written what is returned.
    """
    unwritten = unwritten_gradients(trial)
    if unwritten is not None:
        argument = trial.arguments[unwritten.position].name
        message = f"the gradient of `{argument}` at {list(unwritten.index)} {unwritten.said}"
        yield Learned(unwritten=True)
        found = Finding("GC203", Severity.ERROR, message, argument=argument, index=unwritten.index, likely_cause=CAUSE)
        yield replace(found, cause=NAME)
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
    if not isinstance(trial.again, Failure) and not _alike(trial, trial.again):
        message = "the op gives another output at the same inputs once its vjp has been asked"
        yield Finding("GC203", Severity.ERROR, message, likely_cause="the vjp writes into what the forward reads")
        return
    if not isinstance(trial.again, Failure) and _same_forward(trial, trial.again):
        found = _compare(trial, trial.ask(trial.again, trial.cotangents), "a second call of the op at the same inputs")
        if found is None:
            found = _by_identity(trial)
        if found:
            yield found
            return
    elsewhere = trial.call([moved_elsewhere(x) for x in trial.inputs])
    if not isinstance(elsewhere, Failure):
        trial.ask(elsewhere, [np.ones_like(y) for y in elsewhere.outputs])
    found = _compare(trial, trial.pull(trial.cotangents), "a second call of the vjp")
    if found:
        yield found if isinstance(found, Learned) or _wears_out(trial) else replace(found, likely_cause=_SHARED)


def _by_identity(trial: Trial) -> Found | None:
    """Whether the op answers for what its arrays held at an earlier call, and not for what they hold now.

    So do training loops that update their parameters in place. The vjp of the earlier call is asked no more.
    """
    arrays = [moved_elsewhere(x) for x in trial.inputs]
    if isinstance(trial.call_on(arrays), Failure):
        return None
    for array, x in zip(arrays, trial.inputs, strict=True):
        array[...] = x
    again = trial.call_on(arrays)
    what = "the op called again with the same array objects, whose contents were changed in place since the last call,"
    if isinstance(again, Failure):
        return Finding("GC203", Severity.ERROR, f"{what} raises {again}", likely_cause=_BY_IDENTITY)
    if not _alike(trial, again):
        return Finding("GC203", Severity.ERROR, f"{what} gives another output", likely_cause=_BY_IDENTITY)
    found = _compare(trial, trial.ask(again, trial.cotangents), what)
    return replace(found, likely_cause=_BY_IDENTITY) if isinstance(found, Finding) else found


def _alike(trial: Trial, again: Answer) -> bool:
    """Whether a later call gives the outputs of the first, to rounding, where those are finite."""
    pairs = zip(trial.outputs, again.outputs, strict=False)
    return all(y.shape == before.shape and (adds_up(y, before, 1.0) or not _finite(before)) for before, y in pairs)


def _finite(array: Array) -> bool:
    return bool(np.isfinite(array).all())


def _same_forward(trial: Trial, again: Answer) -> bool:
    """Bit for bit: a forward whose sums run in no fixed order has another gradient each time, rightly so."""
    pairs = zip(trial.outputs, again.outputs, strict=False)
    return all(same(before, after) for before, after in pairs)


def _compare(trial: Trial, again: tuple[Array | None, ...] | None, what: str) -> Found | None:
    """The first difference between this answer and the first one."""
    if again is None:
        return Finding("GC203", Severity.ERROR, f"the vjp answered once, and {what} fails with the same cotangent")
    if _identical(again, trial.gradients):
        return None
    for argument, index, second, first in differences(trial, again, trial.gradients):
        message = f"{what} gives another gradient of `{argument}`: at {list(index)} {second:.6g}, before {first:.6g}"
        return Finding("GC203", Severity.ERROR, message, argument=argument, index=index, claimed=second, expected=first)
    return Learned(remarks=(f"{what} differs in the last bits: its sums run in no fixed order",))


def compared(trial: Trial, again: Gradients | None, what: str, cause: str) -> Finding | None:
    """The first difference of a later answer that is an error, with its cause."""
    found = None if again is None else _compare(trial, again, what)
    return replace(found, likely_cause=cause) if isinstance(found, Finding) else None


def _wears_out(trial: Trial) -> bool:
    """Whether two calls of a fresh vjp in a row differ too, with nothing in between."""
    fresh = trial.call()
    if isinstance(fresh, Failure):
        return True
    first, second = (trial.ask(fresh, trial.cotangents) for _ in range(2))
    return first is None or second is None or not _identical(first, second)


def _identical(left: tuple[Array | None, ...], right: tuple[Array | None, ...]) -> bool:
    return all(a is b or (a is not None and b is not None and same(a, b)) for a, b in zip(left, right, strict=True))
