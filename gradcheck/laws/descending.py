"""Whether a cost falls along a path, for every small enough step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradcheck.numerics import spacing
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

_FIRST = 0.125
_RATIO = 4.0
_STEPS = 14
_VISIBLE = 64.0
_NOISE = 4.0


def is_cost(trial: Trial) -> bool:
    """Whether the op has a single finite scalar output."""
    return len(trial.outputs) == 1 and trial.outputs[0].shape == () and bool(np.isfinite(trial.outputs[0]))


def cost(trial: Trial, inputs: Sequence[Array]) -> float:
    """The cost at other inputs; NaN where the op cannot say."""
    outputs = trial.forward(inputs)
    return float("nan") if outputs is None else float(outputs[0])


def unit_gradients(trial: Trial) -> tuple[Array | None, ...] | None:
    """``vjp(1)``: the gradient of the cost itself."""
    return trial.pull([np.ones_like(y) for y in trial.outputs])


def climbs(
    trial: Trial, gradients: Sequence[Array | None], step_to: Callable[[float], Sequence[Array]]
) -> tuple[float, float, float] | None:
    """Look for a rate below which ``step_to(rate)`` lowers the cost; None where there is one.

    Rates fall from one that should take off an eighth of the cost to one whose effect drowns in rounding. Two
    neighbouring rates that lower the cost are enough. Otherwise the smallest visible rate is returned, with the
    cost before and after.
    """
    start = float(trial.outputs[0])
    squared = sum(float(np.sum(np.square(g, dtype=np.float64))) for g in gradients if g is not None)
    noise = spacing(trial.outputs[0].dtype) * abs(start)
    if not 0 < squared < np.inf or start == 0:
        return None
    rate = _FIRST * abs(start) / squared
    lowered, seen = 0, None
    for _ in range(_STEPS):
        if rate * squared <= _VISIBLE * noise:
            break
        after = cost(trial, step_to(rate))
        lowered = lowered + 1 if after < start - _NOISE * noise else 0
        if lowered == 2:
            return None
        seen = (rate, start, after)
        rate /= _RATIO
    return seen
