"""GC303: the gradient equals the twin's; finite differences name the odd one out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import Outcome, Point, Probe, as_real, contest, draw_direction, judge, within
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial, Twin

from ..comparing import Number, differences, gradient_noise
from ..gc302_forward_value.check import forward_difference
from ..learned import Found, Learned, of_coarseness
from ..limits import TWIN_SLACK
from ..low import no_slopes


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Compare with the twin, where both forwards are the same function; of few digits it is GC601 that does."""
    if trial.golden is not None:
        return
    if no_slopes(trial):
        return
    twin = trial.twin
    if not isinstance(twin, Twin) or len(twin.gradients) != len(trial.arguments) or forward_difference(trial):
        return
    expected = tuple(
        np.zeros_like(x) if g is None and x.dtype.kind in "fc" else g
        for g, x in zip(twin.gradients, trial.inputs, strict=True)
    )
    expected = trial.along(expected)
    for name, index, actual, wanted in differences(
        trial, trial.along(trial.gradients), expected, lambda: gradient_noise(trial, trial.cotangents, trial.gradients)
    ):
        yield from _arbitrate(trial, learned, expected, name, index, actual, wanted)


def _arbitrate(
    trial: Trial,
    learned: Learned,
    expected: tuple[Array | None, ...],
    name: str,
    index: tuple[int, ...],
    actual: Number,
    wanted: Number,
) -> Iterator[Found]:
    """Three witnesses: the hand-written vjp, the twin's autograd, finite differences."""
    position = next(number for number, argument in enumerate(trial.arguments) if argument.name == name)
    entry, apart = _real_entry(trial.inputs[position], index, actual - wanted)
    coarser = of_coarseness(trial, learned)
    yield coarser
    point = (learned | coarser).point(trial)
    contested = contest(point, trial.probe, trial.rng, only=(position,), chosen=np.array([entry]))
    mine, judgement = contested.outcome, contested.judgement
    if mine in (Outcome.KINK, Outcome.SINGULAR):
        return
    tangent = judgement.tangents[position]
    assert tangent is not None
    apart *= abs(float(tangent.reshape(-1)[entry]))
    if mine is Outcome.AGREES and within(apart, TWIN_SLACK * judgement.rounding):
        return
    place = f"`{name}` at {list(index)}" if index else f"`{name}`"
    numbers = f"the gradient of {place} is {actual:.8g}, but the twin gives {wanted:.8g}"
    if mine is Outcome.WRONG:
        message, severity = f"{numbers}, and finite differences side with the twin", Severity.ERROR
    elif mine is Outcome.AGREES and not _twin_agrees(trial, point, expected, position, entry):
        message = f"{numbers}: the twin is the odd one out, finite differences side with the vjp"
        severity = Severity.HAZARD
    else:
        message, severity = f"{numbers}; finite differences cannot tell which is right", Severity.HAZARD
        if mine is not Outcome.AGREES:
            yield Learned(floor={name: math.inf})
    yield Finding("GC303", severity, message, argument=name, index=index, claimed=actual, expected=wanted)


def _real_entry(array: Array, index: tuple[int, ...], difference: Number) -> tuple[int, float]:
    """The flat index into the real arrays of the numerics at which two values differ most, and by how much."""
    flat = int(np.ravel_multi_index(index, array.shape)) if index else 0
    if array.dtype.kind != "c":
        return flat, abs(difference)
    parts = abs(difference.real), abs(difference.imag)
    return 2 * flat + (parts[1] > parts[0]), max(parts)


def _twin_agrees(trial: Trial, point: Point, expected: tuple[Array | None, ...], position: int, entry: int) -> bool:
    """Whether finite differences are too coarse to tell the twin's claim from the truth."""
    probe = Probe(trial.probe.cotangents, tuple(None if g is None else as_real(g) for g in expected))
    direction = draw_direction(trial.rng, point.inputs, probe.gradients, only=(position,), chosen=np.array([entry]))
    return judge(point, probe, direction).agrees
