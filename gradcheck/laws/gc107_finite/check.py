"""GC107: gradients are finite where the forward is smooth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import within
from gradcheck.protocol.dtypes import float_info
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned
from ..limits import SMALLER_COTANGENT
from ..slopes import finite_slopes


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Where a gradient is not finite, ask the forward whether a derivative exists there."""
    if not trial.finite or trial.golden is not None:  # then it is GC601 that compares where it is finite
        return
    for position, argument in enumerate(trial.arguments):
        gradient = trial.gradients[position]
        if gradient is None or trial.is_finite(position):
            continue
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(gradient))[0])
        slopes = _slopes(trial, learned, position, index)
        if slopes is None or not within(max(map(abs, slopes)), float_info(gradient.dtype).max):
            yield Finding(
                "GC905",
                Severity.NOTE,
                f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, and the forward has no "
                "derivative there: a singular point, or the edge of the domain",
                argument=argument.name,
                index=index,
            )
            continue
        if trial.narrow and _overflows(trial, position):
            yield Finding(
                "GC902",
                Severity.NOTE,
                f"the gradient of `{argument.name}` at {list(index)} is {gradient[index]}, and finite for a smaller "
                "cotangent: it leaves the range of the narrower dtype that the op computes in inside",
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


def _overflows(trial: Trial, position: int) -> bool:
    """Whether the gradient is finite at a much smaller cotangent; one that is NaN for its inputs is not."""
    smaller = trial.pull([u * u.dtype.type(SMALLER_COTANGENT) for u in trial.cotangents])
    gradient = None if smaller is None else smaller[position]
    return gradient is not None and bool(np.isfinite(gradient).all())


def _slopes(trial: Trial, learned: Learned, position: int, index: tuple[int, ...]) -> tuple[float, float] | None:
    """The one-sided slopes with respect to one entry; None where there are no finite ones."""
    array = trial.point.inputs[position]
    index = index if array.ndim == len(index) else (*index, 0)  # of a complex entry, the real part
    tangent = np.zeros_like(array)
    tangent[index] = unit = float(abs(array[index])) or 1.0
    tangents = [tangent if other == position else None for other in range(len(trial.inputs))]
    slopes = finite_slopes(trial, learned, trial.probe.cotangents, tangents)
    return None if slopes is None else (slopes[0] / unit, slopes[1] / unit)
