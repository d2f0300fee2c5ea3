"""GC208: the gradient of one input does not depend on which others want gradients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Answer, Failure, attempt, call_op, offered
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..comparing import differences, gradient_noise
from ..learned import Learned
from ..limits import EACH
from . import unused

_CAUSE = "the backward asks at a wrong position whether an input wants a gradient (needs_input_grad)"

Mask = tuple[bool, ...]


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Ask for each input alone and for all but each; of many inputs, one of either kind. The first failure counts."""
    yield from unused.check(trial)
    if offered(trial.case.op, "wanting") is None or not trial.finite:
        return
    for mask in _masks(trial):
        found = _judge(trial, mask)
        if found is not None:
            if _steady(trial):
                yield found
            return


def _masks(trial: Trial) -> list[Mask]:
    """Which positional inputs want a gradient; one that holds only integers never does."""
    parts = trial.inputs_read.parts
    movable = [number for number, leaves in enumerate(parts) if any(leaf.differentiable for leaf in leaves)]
    if len(movable) < 2:
        return []
    alone, left_out = movable, movable
    if len(movable) > EACH:
        alone, left_out = ([int(number)] for number in trial.rng.choice(movable, size=2, replace=False))
    masks = [tuple(number == only for number in range(len(parts))) for only in alone]
    masks += [tuple(number in movable and number != out for number in range(len(parts))) for out in left_out]
    return list(dict.fromkeys(masks))


def _judge(trial: Trial, mask: Mask) -> Finding | None:
    """Compare what is wanted with the full answer; what is not wanted is None."""
    where = _where(trial, mask)
    answer = _call(trial, mask)
    if isinstance(answer, Failure):
        return replace(_finding(f"{where}, the op raises: {answer}"), severity=Severity.HAZARD, likely_cause=None)
    leaves = trial.leaves(answer.vjp, answer.pack([np.array(u) for u in trial.cotangents]))
    if isinstance(leaves, Failure):
        return _finding(f"{where}, the vjp raises: {leaves}")
    if leaves is None:
        return _finding(f"{where}, the vjp does not return one entry per input")
    wanted = [want for want, nesting in zip(mask, trial.inputs_read.nestings, strict=True) for _ in nesting.names]
    for argument, want, gradient in zip(trial.arguments, wanted, leaves, strict=True):
        if gradient is not None and not want:
            return _finding(f"{where}, `{argument.name}` gets a gradient all the same; it gets None", argument.name)
        if gradient is None and want and argument.differentiable:
            return _finding(f"{where}, the gradient of `{argument.name}` is None", argument.name)
        if gradient is not None and np.shape(gradient) != argument.array.shape:
            return _finding(f"{where}, the gradient of `{argument.name}` has shape {np.shape(gradient)}", argument.name)
    return _compare(trial, [None if g is None else np.asarray(g) for g in leaves], where)


def _compare(trial: Trial, actual: Sequence[Array | None], where: str) -> Finding | None:
    noise = partial(gradient_noise, trial, trial.cotangents, trial.gradients)
    for argument, index, value, full in differences(trial, actual, trial.gradients, noise):
        return Finding(
            "GC208",
            Severity.ERROR,
            f"{where}, the gradient of `{argument}` at {list(index)} is {value:.6g}; where all do, it is {full:.6g}",
            argument=argument,
            index=index,
            likely_cause=_CAUSE,
            claimed=value,
            expected=full,
        )
    return None


def _call(trial: Trial, mask: Mask) -> Answer | Failure:
    """What the op answers where only these inputs want gradients."""
    op: Any = trial.case.op
    some = attempt(op.wanting, mask)
    if isinstance(some, Failure):
        return some
    trial.forwards += 1
    return call_op(some, trial.inputs_read.pack([np.array(x) for x in trial.inputs]), trial.options)


def _steady(trial: Trial) -> bool:
    """Whether the whole op answers twice alike; where it does not, that is another law's business."""
    again = trial.call()
    gradients = None if isinstance(again, Failure) else trial.ask(again, trial.cotangents)
    return gradients is not None and next(differences(trial, gradients, trial.gradients), None) is None


def _where(trial: Trial, mask: Mask) -> str:
    names = [f"`{name}`" for name, want in zip(trial.inputs_read.names, mask, strict=True) if want]
    return f"where only {' and '.join(names)} want{'s' if len(names) == 1 else ''} a gradient"


def _finding(message: str, argument: str | None = None) -> Finding:
    return Finding("GC208", Severity.ERROR, message, argument=argument, likely_cause=_CAUSE)
