"""GC303: the gradient equals the twin's; finite differences name the odd one out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import Outcome, Probe, contest
from gradcheck.numerics.noise import jittered
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from .comparing import Gradients, differences
from .gc302_forward_value import forward_difference
from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Compare with the twin, where both forwards are the same function."""
    twin = trial.twin
    if not isinstance(twin, Twin) or len(twin.gradients) != len(trial.arguments) or forward_difference(trial):
        return
    expected = tuple(
        np.zeros_like(x) if g is None and x.dtype.kind == "f" else g
        for g, x in zip(twin.gradients, trial.inputs, strict=True)
    )
    for name, index, actual, wanted in differences(trial, trial.gradients, expected, lambda: _noise(trial)):
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
    mine, _ = contest(trial.point, trial.probe, trial.rng, only=position, chosen=entry)
    if mine in (Outcome.KINK, Outcome.SINGULAR):
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
    from gradcheck.numerics import draw_tangents, judge

    probe = Probe(trial.cotangents, expected)
    tangents = draw_tangents(trial.rng, trial.point.inputs, expected, only=position, chosen=entry)
    return judge(trial.point, probe, tangents).agrees


def _noise(trial: Trial) -> Gradients:
    """How much the gradients change when inputs and cotangents move in their last bit."""
    worst: list[Array | None] = [None] * len(trial.arguments)
    for _ in range(2):
        inputs = [jittered(trial.rng, x) if x.dtype.kind == "f" else x for x in trial.inputs]
        answer = trial.pull([jittered(trial.rng, u) for u in trial.cotangents], inputs)
        for position, (g, base) in enumerate(zip(answer or (), trial.gradients, strict=False)):
            if g is not None and base is not None:
                change = np.nan_to_num(np.abs(g - base), nan=0.0, posinf=0.0)
                before = worst[position]
                worst[position] = change if before is None else np.maximum(before, change)
    return worst


LAW = Law("GC303", "The gradient equals the twin's.", check)
