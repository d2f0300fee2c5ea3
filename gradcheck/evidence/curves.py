"""How the slope of the forward settles as the step falls, beside what the vjp claims it is."""

from __future__ import annotations

import numpy as np

from gradcheck.numerics import LADDER, Line, draw_direction, judge
from gradcheck.report import Curve, Finding
from gradcheck.trial import Trial

from .limits import CURVE_RATIO, CURVE_STEPS


def curve_of(trial: Trial, position: int, finding: Finding) -> Curve | None:
    """Of the entry that a finding names, else of a random direction of its argument; None where nothing is claimed."""
    point, probe, argument = trial.point, trial.probe, trial.arguments[position]
    gradient = probe.gradients[position]
    if gradient is None or not gradient.size:
        return None
    index = finding.index if finding.index is not None and len(finding.index) == argument.array.ndim else None
    entry, part = _entry(index, argument.array.dtype.kind, gradient.shape, finding.message)
    chosen = None if entry is None else np.array([entry])
    direction = draw_direction(trial.rng, point.inputs, probe.gradients, only=(position,), chosen=chosen)
    tangent = direction.tangents[position]
    unit = 1.0 if entry is None or tangent is None else float(tangent.reshape(-1)[entry])
    if tangent is None or not unit:
        return None
    judgement = judge(point, probe, direction, LADDER)
    line = Line(point, probe.cotangents, direction.tangents)
    steps = [LADDER.first * CURVE_RATIO**-number for number in range(CURVE_STEPS)]
    slopes = [(line.change(step) - line.change(-step)) / (2 * step) for step in steps]
    return Curve(
        argument.name,
        index,
        part,
        tuple(steps),
        tuple(slope / unit for slope in slopes),
        judgement.claim / unit,
        judgement.estimate.value / unit,
        judgement.tolerance / abs(unit),
    )


def _entry(index: tuple[int, ...] | None, kind: str, shape: tuple[int, ...], message: str) -> tuple[int | None, str]:
    """Where an entry stands among the reals of its array, and which part of a complex one it is."""
    if index is None:
        return None, ""
    if kind != "c":
        return int(np.ravel_multi_index(index, shape)) if index else 0, ""
    imaginary = "imaginary part of" in message
    return int(np.ravel_multi_index((*index, int(imaginary)), shape)), f"{'imaginary' if imaginary else 'real'} part"
