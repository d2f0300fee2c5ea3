"""Whether the forward has finite slopes where a derivative that is claimed is not finite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

import numpy as np

from gradcheck.numerics import LADDER, Line, kink_interval, perturbed, spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

_SETTLED = 1e-3
_NEIGHBOURS = 4
_GROWS = 8.0


def finite_slopes(
    trial: Trial, cotangents: Sequence[Array], tangents: Sequence[Array | None]
) -> tuple[float, float] | None:
    """The one-sided slopes of ``<cotangents, F>`` along ``tangents``, equal where it is smooth; None for infinite ones.

    That they exist is seen from finite differences that settle or part at a kink, and from the vjp's answers nearby,
    which stay bounded as the points come closer.
    """
    line = Line(trial.point, cotangents, tangents)
    relative = max(spacing(v.dtype) for v in tangents if v is not None)
    noise = line.noise([0.0] * len(tangents), [1.0] * len(tangents))
    estimate = LADDER.climb(line.change, noise, relative)
    if not _bounded_nearby(trial, [position for position, v in enumerate(tangents) if v is not None]):
        return None
    interval = kink_interval(estimate.rungs, noise)
    if interval is not None:
        return interval
    largest = max((abs(rung.plus) / rung.step for rung in estimate.rungs), default=0.0)
    settled = within(estimate.error, _SETTLED * max(abs(estimate.value), largest) + 16 * noise / LADDER.first)
    return (estimate.value, estimate.value) if settled else None


def _bounded_nearby(trial: Trial, positions: Collection[int]) -> bool:
    """Whether the vjp's answers at perturbed points do not grow as the points come closer; silent where it has none."""
    largest = []
    for apart in (2.0**-10, 2.0**-20):
        found = [0.0]
        for inputs in islice(perturbed(trial.point, apart, trial.rng), _NEIGHBOURS):
            gradients = trial.point.gradients(trial.probe.cotangents, inputs)
            for position in positions:
                g = None if gradients is None else gradients[position]
                if g is not None:
                    found.append(float(np.abs(np.where(np.isfinite(g), g, 0)).max(initial=0.0)))
        largest.append(max(found))
    return bool(within(largest[1], _GROWS * largest[0]))
