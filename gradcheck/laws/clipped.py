"""What a backward that clips on purpose makes of large cotangents, beside its derivative at small ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array, within
from gradcheck.protocol import Failure, offered, stood_for
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .comparing import Gradients, differences
from .limits import LARGER

_CAUSE = "it clips at another bound than was declared, in another place, or what it clips is not the gradient"


def clipped(trial: Trial) -> Iterator[Finding]:
    """Ask the op itself with cotangents that grow, of either sign, until its clip must show."""
    clip = offered(trial.case.op, "clip")
    op = trial.case.op
    while clip is not None and offered(op, "clip") is not None:
        op = stood_for(op)
    if clip is None or not trial.finite:
        return
    for factor in LARGER:
        cotangents = [np.asarray(u * u.dtype.type(factor)) for u in trial.cotangents]
        held = cotangents if clip.cotangent is None else [_of(clip.cotangent, u) for u in cotangents]
        gradients = trial.pull(held)
        if gradients is None or not all(np.isfinite(widened(x)).all() for x in (*held, *gradients) if x is not None):
            return
        expected = [g if g is None or clip.gradient is None else _of(clip.gradient, g) for g in gradients]
        actual = _asked(trial, op, cotangents)
        if actual is None:
            yield Finding("GC301", Severity.ERROR, f"the vjp answers a cotangent and fails at {factor:g} times it")
            return
        found = [_where_it_bites(*three, factor) for three in zip(actual, expected, trial.gradients, strict=True)]
        # a gradient that is clipped has the rounding of its bound, and one of a clipped cotangent that of this one
        for argument, index, value, wanted in differences(
            trial, found, expected, None, None if clip.cotangent is None else held
        ):
            yield Finding(
                "GC301",
                Severity.ERROR,
                f"the gradient of `{argument}` at {list(index)} is {value:.6g} at {factor:g} times a cotangent, and "
                f"the clip that was declared makes {wanted:.6g} of the derivative",
                argument=argument,
                index=index,
                claimed=value,
                expected=wanted,
                likely_cause=_CAUSE,
            )
            return


def _where_it_bites(
    actual: Array | None, expected: Array | None, gradient: Array | None, factor: float
) -> Array | None:
    """What was answered where the clip takes off half at least; else what is expected: linear it is judged apart."""
    if actual is None or expected is None or gradient is None:
        return None
    whole = factor * widened(gradient)
    kept = within(np.abs(widened(expected) - whole), np.abs(whole) / 2)
    return np.where(kept, expected, actual)


def _of(clip: Any, array: Array) -> Array:
    return np.asarray(clip(np.array(array)), array.dtype)


def _asked(trial: Trial, op: Any, cotangents: Sequence[Array]) -> Gradients | None:
    own = Trial.start(replace(trial.case, op=op, surrogate=None), trial.inputs_read, trial.options, trial.seed)
    if isinstance(own, Failure):
        return None
    trial.forwards += 1
    trial.backwards += 1
    return own.pull(cotangents)
