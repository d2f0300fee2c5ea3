"""GC303: the gradient equals the twin's; finite differences name the odd one out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import Outcome, Probe, contest, draw_tangents, judge, within
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from .comparing import differences, gradient_noise
from .gc302_forward_value import forward_difference
from .law import Law

_SLACK = 64.0


def check(trial: Trial) -> Iterator[Finding]:
    """Compare with the twin, where both forwards are the same function."""
    twin = trial.twin
    if not isinstance(twin, Twin) or len(twin.gradients) != len(trial.arguments) or forward_difference(trial):
        return
    expected = tuple(
        np.zeros_like(x) if g is None and x.dtype.kind == "f" else g
        for g, x in zip(twin.gradients, trial.inputs, strict=True)
    )
    for name, index, actual, wanted in differences(
        trial, trial.gradients, expected, lambda: gradient_noise(trial, trial.cotangents, trial.gradients)
    ):
        yield from _arbitrate(trial, expected, name, index, actual, wanted)


def _arbitrate(
    trial: Trial,
    expected: tuple[Array | None, ...],
    name: str,
    index: tuple[int, ...],
    actual: float,
    wanted: float,
) -> Iterator[Finding]:
    """Three witnesses: the hand-written vjp, the twin's autograd, finite differences."""
    position = next(number for number, argument in enumerate(trial.arguments) if argument.name == name)
    entry = np.array([np.ravel_multi_index(index, trial.inputs[position].shape) if index else 0])
    mine, judgement = contest(trial.point, trial.probe, trial.rng, only=position, chosen=entry)
    if mine in (Outcome.KINK, Outcome.SINGULAR):
        return
    tangent = judgement.tangents[position]
    assert tangent is not None
    apart = abs((actual - wanted) * float(tangent[index]))
    if mine is Outcome.AGREES and within(apart, _SLACK * judgement.rounding):
        return
    place = f"`{name}` at {list(index)}" if index else f"`{name}`"
    numbers = f"the gradient of {place} is {actual:.8g}, but the twin gives {wanted:.8g}"
    if mine is Outcome.WRONG:
        message, severity = f"{numbers}, and finite differences side with the twin", Severity.ERROR
    elif mine is Outcome.AGREES and not _twin_agrees(trial, expected, position, entry):
        message = f"{numbers}: the twin is the odd one out, finite differences side with the vjp"
        severity = Severity.HAZARD
    else:
        message, severity = f"{numbers}; finite differences cannot tell which is right", Severity.HAZARD
        if mine is not Outcome.AGREES:
            trial.floor[name] = math.inf
    yield Finding("GC303", severity, message, argument=name, index=index, claimed=actual, expected=wanted)


def _twin_agrees(trial: Trial, expected: tuple[Array | None, ...], position: int, entry: Array) -> bool:
    """Whether finite differences are too coarse to tell the twin's claim from the truth."""
    probe = Probe(trial.cotangents, expected)
    tangents = draw_tangents(trial.rng, trial.point.inputs, expected, only=position, chosen=entry)
    return judge(trial.point, probe, tangents).agrees


LAW = Law("GC303", "The gradient equals the twin's.", check)
