"""Whether the forward has finite slopes where a derivative that is claimed is not finite."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from gradcheck.numerics import LADDER, Line, Point, kink_interval, perturbed, spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

from .learned import Learned
from .limits import GROWS, NEAR, NEARER, NEIGHBOURS, SETTLED, SETTLED_ROUNDINGS, SHRINKS, STEP_AROUND


def finite_slopes(
    trial: Trial, learned: Learned, cotangents: Sequence[Array], tangents: Sequence[Array | None]
) -> tuple[float, float] | None:
    """The one-sided slopes of ``<cotangents, F>`` along ``tangents``, equal where it is smooth; None for infinite ones.

    That they exist is seen from finite differences that settle or part at a kink, and from the vjp's answers nearby,
    which stay bounded as the points come closer. A slope along one line is not enough: of a matrix without full rank
    that of one entry is there, and another one at every point around.
    """
    point = learned.point(trial)
    line = Line(point, cotangents, tangents)
    relative = max(spacing(v.dtype) for v in tangents if v is not None)
    noise = line.noise([0.0] * len(tangents), [1.0] * len(tangents))
    estimate = LADDER.climb(line.change, noise, relative)
    if not _bounded_nearby(trial, point, [position for position, v in enumerate(tangents) if v is not None]):
        return None
    interval = kink_interval(estimate.rungs, noise)
    if interval is None:
        largest = max((abs(rung.plus) / rung.step for rung in estimate.rungs), default=0.0)
        room = SETTLED * max(abs(estimate.value), largest) + SETTLED_ROUNDINGS * noise / LADDER.first
        if not within(estimate.error, room):
            return None
        interval = (estimate.value, estimate.value)
    return interval if _nears(trial, line, interval) else None


def _nears(trial: Trial, line: Line, interval: tuple[float, float]) -> bool:
    """Whether value and slope along parallel lines come closer to those at the point, as these lines do."""
    low, high = interval
    values, slopes, allowed = [], [], 0.0
    for distance in (NEAR, NEARER):
        step = STEP_AROUND * distance
        allowed = SETTLED * max(abs(low), abs(high)) + SETTLED_ROUNDINGS * line.output_noise / step
        pairs = list(_around(trial, line, distance, step))
        values.append(max((abs(value) for value, _ in pairs), default=0.0))
        slopes.append(max((max(low - slope, slope - high, 0.0) for _, slope in pairs), default=0.0))
    steady = within(values[1], max(values[0] / SHRINKS, SETTLED_ROUNDINGS * line.output_noise))
    return bool(steady and within(slopes[1], max(slopes[0] / SHRINKS, allowed)))


def _around(trial: Trial, line: Line, distance: float, step: float) -> Iterator[tuple[float, float]]:
    """By how much the value differs around the point, and the slope along the parallel line; not off the domain."""
    point = line.point
    for inputs in islice(perturbed(point, distance, trial.rng), NEIGHBOURS):
        outputs = point.forward(inputs)
        if outputs is None:
            continue
        # a step writes into the same arrays, and the op may answer with what it was given
        there = replace(point, inputs=tuple(inputs), outputs=tuple(y.copy() for y in outputs))
        parallel = Line(there, line.cotangents, line.tangents)
        slope = (parallel.change(step) - parallel.change(-step)) / (2 * step)
        triples = zip(line.cotangents, there.outputs, point.outputs, strict=True)
        value = sum(float(np.dot(u, (y - start).ravel())) for u, y, start in triples)
        if np.isfinite(slope) and np.isfinite(value):
            yield value, slope


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
