"""GC107: gradients are finite where the forward is smooth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import LADDER, Line, spacing, within
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Where a gradient is not finite, ask the forward whether a derivative exists there."""
    if not all(np.isfinite(y).all() for y in trial.outputs):
        return
    for position, argument in enumerate(trial.arguments):
        gradient = trial.gradients[position]
        if gradient is None or np.isfinite(gradient).all():
            continue
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(gradient))[0])
        expected, error = _derivative(trial, position, index)
        if not within(error, abs(expected) * 1e-3 + spacing(argument.array.dtype)):
            yield Finding(
                "GC905",
                Severity.NOTE,
                f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, and the forward has no "
                "finite derivative there: a singular point, or the edge of the domain",
                argument=argument.name,
                index=index,
            )
            continue
        yield Finding(
            "GC107",
            Severity.ERROR,
            f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, but the forward is smooth "
            f"there: finite differences give {expected:.6g} ± {error:.0e}",
            argument=argument.name,
            index=index,
            claimed=float(gradient[index]),
            expected=expected,
            error=error,
        )


def _derivative(trial: Trial, position: int, index: tuple[int, ...]) -> tuple[float, float]:
    """The derivative with respect to one entry, and its error."""
    array = trial.point.inputs[position]
    tangent = np.zeros_like(array)
    tangent[index] = abs(array[index]) or 1.0
    tangents = [tangent if other == position else None for other in range(len(trial.inputs))]
    line = Line(trial.point, trial.cotangents, tangents)
    relative = spacing(array.dtype)
    estimate = LADDER.climb(line.change, line.noise([None] * len(tangents)), relative)
    return estimate.value / float(tangent[index]), estimate.error / float(tangent[index])


LAW = Law("GC107", "Every gradient is finite where the forward is smooth.", check)
