"""Whether the forward has finite slopes where a derivative that is claimed is not finite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

import numpy as np

from gradcheck.numerics import LADDER, Line, Point, kink_interval, perturbed, spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

from .learned import Learned
from .limits import GROWS, NEAR, NEARER, NEIGHBOURS, SETTLED, SETTLED_ROUNDINGS


def finite_slopes(
    trial: Trial, learned: Learned, cotangents: Sequence[Array], tangents: Sequence[Array | None]
) -> tuple[float, float] | None:
    """The one-sided slopes of ``<cotangents, F>`` along ``tangents``, equal where it is smooth; None for infinite ones.

    That they exist is seen from finite differences that settle or part at a kink, and from the vjp's answers nearby,
    which stay bounded as the points come closer.
    """
    point = learned.point(trial)
    line = Line(point, cotangents, tangents)
    relative = max(spacing(v.dtype) for v in tangents if v is not None)
    noise = line.noise([0.0] * len(tangents), [1.0] * len(tangents))
    estimate = LADDER.climb(line.change, noise, relative)
    if not _bounded_nearby(trial, point, [position for position, v in enumerate(tangents) if v is not None]):
        return None
    interval = kink_interval(estimate.rungs, noise)
    if interval is not None:
        return interval
    largest = max((abs(rung.plus) / rung.step for rung in estimate.rungs), default=0.0)
    settled = within(
        estimate.error, SETTLED * max(abs(estimate.value), largest) + SETTLED_ROUNDINGS * noise / LADDER.first
    )
    return (estimate.value, estimate.value) if settled else None


def _bounded_nearby(trial: Trial, point: Point, positions: Collection[int]) -> bool:
    """Whether the vjp's answers at perturbed points do not grow as the points come closer; silent where it has none."""
    largest = []
    for apart in (NEAR, NEARER):
        found = [0.0]
        for inputs in islice(perturbed(point, apart, trial.rng), NEIGHBOURS):
            gradients = point.gradients(trial.probe.cotangents, inputs)
            for position in positions:
                g = None if gradients is None else gradients[position]
                if g is not None:
                    found.append(float(np.abs(np.where(np.isfinite(g), g, 0)).max(initial=0.0)))
        largest.append(max(found))
    return bool(within(largest[1], GROWS * largest[0]))
