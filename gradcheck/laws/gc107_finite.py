"""GC107: gradients are finite where the forward is smooth."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np

from gradcheck.numerics import LADDER, Line, kink_interval, perturbed, spacing, within
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law

_SETTLED = 1e-3
_NEIGHBOURS = 4
_GROWS = 8.0


def check(trial: Trial) -> Iterator[Finding]:
    """Where a gradient is not finite, ask the forward whether a derivative exists there."""
    if not trial.finite:
        return
    for position, argument in enumerate(trial.arguments):
        gradient = trial.gradients[position]
        if gradient is None or trial.is_finite(position):
            continue
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(gradient))[0])
        slopes = _slopes(trial, position, index)
        if slopes is None or not within(max(map(abs, slopes)), float(np.finfo(gradient.dtype).max)):
            yield Finding(
                "GC905",
                Severity.NOTE,
                f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, and the forward has no "
                "finite slope there: a singular point, or the edge of the domain",
                argument=argument.name,
                index=index,
            )
            continue
        low, high = slopes
        there = f"smooth there: finite differences give {low:.6g}"
        if low != high:
            there = f"only bent there: its one-sided slopes are {low:.6g} and {high:.6g}"
        yield Finding(
            "GC107",
            Severity.ERROR,
            f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, but the forward is {there}",
            argument=argument.name,
            index=index,
            claimed=gradient[index].item(),
            expected=(low + high) / 2,
        )


def _slopes(trial: Trial, position: int, index: tuple[int, ...]) -> tuple[float, float] | None:
    """The one-sided slopes with respect to one entry, equal where it is smooth; None where there are no finite ones.

    That they exist is seen from finite differences that settle or part at a kink, and from the vjp's answers nearby,
    which stay bounded as the points come closer.
    """
    array = trial.point.inputs[position]
    index = index if array.ndim == len(index) else (*index, 0)  # of a complex entry, the real part
    tangent = np.zeros_like(array)
    tangent[index] = unit = float(abs(array[index])) or 1.0
    tangents = [tangent if other == position else None for other in range(len(trial.inputs))]
    line = Line(trial.point, trial.probe.cotangents, tangents)
    relative = spacing(array.dtype)
    nothing = [0.0] * len(tangents)
    noise = line.noise(nothing, [1.0] * len(tangents))
    estimate = LADDER.climb(line.change, noise, relative)
    if not _bounded_nearby(trial, position):
        return None
    interval = kink_interval(estimate.rungs, noise)
    if interval is not None:
        return interval[0] / unit, interval[1] / unit
    largest = max((abs(rung.plus) / rung.step for rung in estimate.rungs), default=0.0)
    settled = within(estimate.error, _SETTLED * max(abs(estimate.value), largest) + 16 * noise / LADDER.first)
    return (estimate.value / unit, estimate.value / unit) if settled else None


def _bounded_nearby(trial: Trial, position: int) -> bool:
    """Whether the vjp's answers at perturbed points do not grow as the points come closer; silent where it has none."""
    largest = []
    for apart in (2.0**-10, 2.0**-20):
        found = [0.0]
        for inputs in islice(perturbed(trial.point, apart, trial.rng), _NEIGHBOURS):
            gradients = trial.point.gradients(trial.probe.cotangents, inputs)
            g = None if gradients is None else gradients[position]
            if g is not None:
                found.append(float(np.abs(np.where(np.isfinite(g), g, 0)).max(initial=0.0)))
        largest.append(max(found))
    return bool(within(largest[1], _GROWS * largest[0]))


LAW = Law(
    "GC107",
    "Every gradient is finite where the forward is smooth, or has finite slopes on both sides.",
    check,
    values=True,
)
