"""Rounding in float64, read off the same op in float32.

Both make the same operations, and each rounds in proportion to the spacing of its numbers: what float32 is off by,
times the ratio of the spacings, is what float64 is off by. Where large terms cancel to an exact zero, or a small one is
absorbed, no jitter of last bits shows any rounding; this does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np

from .limits import BROKEN_TIES, NEARBY, PLACES
from .line import Point
from .perturbed import perturbed
from .probe import Probe
from .tolerance import Array, spacing


@dataclass(frozen=True)
class Rounding:
    """How far each entry of the outputs and of the gradients may be off."""

    outputs: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


def rounding_in_float32(point: Point, probe: Probe, rng: np.random.Generator) -> Rounding | None:
    """The largest difference of float32 from float64 at a few points, scaled; None where float32 is not to be had."""
    if point.shadow is None:
        return None
    outputs = [np.zeros(y.shape) for y in point.outputs]
    gradients = [None if g is None else np.zeros(g.shape) for g in probe.gradients]
    points = [list(point.inputs), *islice(perturbed(point, BROKEN_TIES, rng), PLACES)]
    cotangents = [np.asarray(u) for u in probe.cotangents]
    for inputs in points:
        narrow, wide = point.shadow(cotangents, inputs), point.gradients(cotangents, inputs)
        # another one each time: a cotangent may round by accident to next to nothing, whatever the inputs
        cotangents = [np.asarray(u * (1 + NEARBY * rng.uniform(-1, 1, u.shape))) for u in probe.cotangents]
        values = point.forward(inputs)
        if narrow is None:
            return None
        if wide is None or values is None:
            continue
        for worst, a, b in zip(outputs, narrow[0], values, strict=True):
            np.maximum(worst, _difference(a, b), out=worst)
        for lost, c, d in zip(gradients, narrow[1], wide, strict=True):
            if lost is not None and c is not None and d is not None:
                np.maximum(lost, _difference(c, d), out=lost)
    return Rounding(tuple(outputs), tuple(gradients))


def _difference(narrow: Array, wide: Array) -> Array:
    """The scaled difference; 0 where float32 overflows."""
    return np.asarray(
        np.nan_to_num(np.abs(narrow - wide) * (spacing(np.float64) / spacing(np.float32)), nan=0.0, posinf=0.0)
    )
