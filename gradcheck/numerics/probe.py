"""Random cotangents: of both signs, none near zero, a scale far from 1; and what the backward makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .direction import draw_direction
from .limits import COTANGENT_SCALES, STEPS_FAR
from .line import Point
from .tangent import random_bytes
from .tolerance import Array

_FINE = 2.0**-8


@dataclass(frozen=True)
class Probe:
    """A cotangent and what the backward makes of it: the claim under test."""

    cotangents: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


def draw_cotangents(rng: np.random.Generator, outputs: Sequence[Array]) -> tuple[Array, ...]:
    """One cotangent per output: magnitudes 0.75 to 1.75, random signs, a scale far from 1.

    Of several outputs each is weighted by the inverse of its own size, so that none drowns another.
    """
    scale = COTANGENT_SCALES[rng.random() >= 0.5] * (0.9 + 0.2 * rng.random())  # all digits: a backward may cut some
    found = []
    for y in outputs:
        bits = random_bytes(rng, 2 * y.size).view(np.int8)
        u = np.copysign(bits[: y.size] * _FINE + 1.25, bits[y.size :])
        u *= scale * (_weight(y) if len(outputs) > 1 else 1.0)
        found.append(u.reshape(y.shape).astype(y.dtype, copy=False))
    return tuple(found)


def probe_at(point: Point, rng: np.random.Generator) -> Probe | None:
    """Draw a fresh cotangent and ask the backward; None where the backward fails at it."""
    cotangents = draw_cotangents(rng, point.outputs)
    gradients = point.gradients(cotangents, None)
    return None if gradients is None else Probe(cotangents, gradients)


def noise_elsewhere(point: Point, rng: np.random.Generator, steps: Sequence[float] = STEPS_FAR) -> list[Array]:
    """Rounding of each output entry, read off the largest value it takes when all inputs move by random ``steps``.

    A cost that is small because large terms cancel carries the rounding of those terms, which shows only where
    they do not cancel. A forward that is small in truth stays small around the point.
    """
    anywhere = [np.zeros_like(x) if x.dtype.kind == "f" else None for x in point.inputs]
    largest = [np.abs(y) for y in point.outputs]
    for step in steps:
        tangents = draw_direction(rng, point.inputs, anywhere).tangents
        moved = [x if v is None else np.asarray(x + step * v) for x, v in zip(point.inputs, tangents, strict=True)]
        for number, y in enumerate(point.forward(moved) or ()):
            largest[number] = np.maximum(largest[number], np.where(np.isfinite(y), np.abs(y), 0))
    return [point.spacing(y) * size for y, size in zip(point.outputs, largest, strict=True)]


def _weight(y: Array) -> float:
    """The power of two next to the inverse of the typical size of an output."""
    typical = float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) if y.size else 0.0
    return float(2.0 ** -round(np.log2(typical))) if 0 < typical < np.inf else 1.0
