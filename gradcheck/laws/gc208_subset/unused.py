"""The gradients do not depend on how an output that nobody uses is said: with zeros, or with None."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, offered
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..comparing import differences, gradient_noise
from ..limits import EACH

_CAUSE = "a cotangent of None is computed with: in PyTorch so it is after ctx.set_materialize_grads(False)"


def check(trial: Trial) -> Iterator[Finding]:
    """Use one output at a time, of an op whose vjp takes None for the others (its attribute ``unused``)."""
    count = len(trial.outputs)
    if not offered(trial.case.op, "unused") or count < 2 or not trial.finite:
        return
    numbers = range(count) if count <= EACH else trial.rng.choice(count, size=2, replace=False)
    for number in map(int, numbers):
        found = _judge(trial, number)
        if found is not None:
            yield found
            return


def _judge(trial: Trial, used: int) -> Finding | None:
    """Compare the answer to None for all outputs but one with the answer to zeros."""
    zeros = [u if number == used else np.zeros_like(u) for number, u in enumerate(trial.cotangents)]
    expected = trial.pull(zeros)
    if expected is None:
        return None
    where = f"where only output {used} is used, and the cotangents of the others are None"
    given = tuple(np.array(u) if number == used else None for number, u in enumerate(trial.cotangents))
    leaves = trial.leaves(trial.answer.vjp, given)
    if isinstance(leaves, Failure):
        return _finding(f"{where}, the vjp raises: {leaves}")
    if leaves is None:
        return _finding(f"{where}, the vjp does not return one entry per input")
    actual = [_or_zeros(g, e) for g, e in zip(leaves, expected, strict=True)]
    noise = partial(gradient_noise, trial, zeros, expected)
    for argument, index, value, full in differences(trial, actual, expected, noise, zeros):
        return Finding(
            "GC208",
            Severity.ERROR,
            f"{where}, the gradient of `{argument}` at {list(index)} is {value:.6g}; where they are zeros, it is "
            f"{full:.6g}",
            argument=argument,
            index=index,
            likely_cause=_CAUSE,
            claimed=value,
            expected=full,
        )
    return None


def _or_zeros(gradient: Array | None, expected: Array | None) -> Array | None:
    """No gradient is one of zeros to PyTorch's engine, where nothing is used that it could come from."""
    if expected is None:
        return None
    if gradient is None or np.shape(gradient) != expected.shape:
        return np.zeros_like(expected)
    return np.asarray(gradient)


def _finding(message: str) -> Finding:
    return Finding("GC208", Severity.ERROR, message, likely_cause=_CAUSE)
