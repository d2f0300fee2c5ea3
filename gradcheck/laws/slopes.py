"""Whether the forward has finite slopes where a derivative that is claimed is not finite."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

import numpy as np

from gradcheck.numerics import LADDER, Line, Point, kink_interval, perturbed, spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

from .learned import Learned
from .limits import (
    FIRST_RANDOM,
    GROWS,
    NEAR,
    NEARER,
    NEIGHBOURS,
    SETTLED,
    SETTLED_ROUNDINGS,
    STAYS_TORN,
    TORN,
)


def finite_slopes(
    trial: Trial, learned: Learned, cotangents: Sequence[Array], tangents: Sequence[Array | None]
) -> tuple[float, float] | None:
    """The one-sided slopes of ``<cotangents, F>`` along ``tangents``, equal where it is smooth; None for infinite ones.

    That they exist is seen from finite differences that settle or part at a kink, from the vjp's answers nearby, which
    stay bounded as the points come closer, and where they settle from slopes along other lines, with which they add up.
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
    return (estimate.value, estimate.value) if settled and not _is_torn(trial, line, noise) else None


def _is_torn(trial: Trial, line: Line, noise: float) -> bool:
    """Whether slopes do not add up: along the line and along any other, one way or the other, and along their sum.

    A straight line through a point shows no derivative: through a matrix without full rank R of its QR has many, and no
    two of them belong to one linear function. Arguments that the line holds are held: a gradient is the derivative by
    one of them.
    """
    inputs = line.point.inputs
    moves = [v is not None and v.any() and x.dtype.kind == "f" for v, x in zip(line.tangents, inputs, strict=True)]
    for place in islice(perturbed(line.point, 1.0, trial.rng), FIRST_RANDOM, FIRST_RANDOM + 2 * TORN, 2):
        entries = list(zip(place, inputs, moves, strict=True))
        ways = [[np.asarray(sign * (x - start)) if moved else None for x, start, moved in entries] for sign in (1, -1)]
        if not any(_stays_torn(line, way, noise) for way in ways):
            return False
    return True


def _stays_torn(line: Line, other: Sequence[Array | None], noise: float) -> bool:
    """Whether slopes of one side miss their sum however small the step: what curvature leaves of it falls with it."""
    both = [w if v is None else v if w is None else v + w for v, w in zip(line.tangents, other, strict=True)]
    lines = line, Line(line.point, line.cotangents, other), Line(line.point, line.cotangents, both)
    far, near = ([of.change(step) / step for of in lines] for step in (NEAR, NEARER))
    missed = [abs(sum_of_both - one - two) for one, two, sum_of_both in (far, near)]
    room = max(SETTLED * abs(near[0]) + SETTLED_ROUNDINGS * noise / NEARER, missed[0] / STAYS_TORN)
    return bool(np.isfinite(missed[1]) and not within(missed[1], room))


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
