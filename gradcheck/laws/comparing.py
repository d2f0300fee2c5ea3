"""Two answers of one vjp, compared to rounding: first as assumed, then as measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gradcheck.numerics import differs_at, spacing
from gradcheck.numerics.noise import jittered
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

ULPS = 64.0
MEASURED_FACTOR = 8.0

Gradients = Sequence[Array | None]


def differences(
    trial: Trial, actual: Gradients, expected: Gradients, noise: Callable[[], Gradients] | None = None
) -> Iterator[tuple[str, tuple[int, ...], float, float]]:
    """Yield (argument, index, actual, expected) at the worst entry of each gradient that differs.

    Entries whose expected value is not finite are nobody's business here. ``noise()`` gives the measured
    rounding, per input and entry; it is asked only where the assumed rounding does not suffice.
    """
    for position, argument in enumerate(trial.arguments):
        left, right = actual[position], expected[position]
        if left is None or right is None:
            continue
        finite = np.isfinite(right)
        left, right = np.where(finite, left, 0), np.where(finite, right, 0)
        assumed = ULPS * spacing(argument.array.dtype) * float(np.abs(right).max(initial=0.0))
        index = differs_at(left, right, assumed)
        if index is not None and noise is not None:
            measured = noise()[position]
            if measured is not None:
                index = differs_at(left, right, assumed + MEASURED_FACTOR * measured)
        if index is not None:
            yield argument.name, index, float(left[index]), float(right[index])


def cotangent_noise(trial: Trial, weight: float) -> Gradients:
    """How much the answer changes when the cotangent moves in its last bit, times ``weight``."""
    worst: list[Array | None] = [None] * len(trial.arguments)
    for _ in range(2):
        answer = trial.pull([jittered(trial.rng, u) for u in trial.cotangents])
        for position, (g, base) in enumerate(zip(answer or (), trial.gradients, strict=False)):
            if g is not None and base is not None:
                change = weight * np.nan_to_num(np.abs(g - base), nan=0.0, posinf=0.0)
                before = worst[position]
                worst[position] = change if before is None else np.maximum(before, change)
    return worst
