"""Random cotangents and tangents: of both signs, none near zero, relative to what they probe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .line import Arrays, Point
from .tolerance import Array, spacing

_SCALES = (32.0, 1 / 32)
_LEAST_FACTOR = 2.0**-20


@dataclass(frozen=True)
class Probe:
    """A cotangent and what the backward makes of it: the claim under test."""

    cotangents: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


def draw_cotangents(rng: np.random.Generator, outputs: Sequence[Array]) -> tuple[Array, ...]:
    """One cotangent per output: magnitudes 0.75 to 1.75 in eighths, random signs, a scale far from 1.

    Of several outputs each is weighted by the inverse of its own size, so that none drowns another.
    """
    scale = float(rng.choice(np.array(_SCALES)))
    return tuple(
        np.asarray(_signed(rng, 6, 14, y.shape) * (scale * (_weight(y) if len(outputs) > 1 else 1.0))).astype(y.dtype)
        for y in outputs
    )


def probe_at(point: Point, rng: np.random.Generator) -> Probe | None:
    """Draw a fresh cotangent and ask the backward; None where the backward fails at it."""
    cotangents = draw_cotangents(rng, point.outputs)
    gradients = point.gradients(cotangents, None)
    return None if gradients is None else Probe(cotangents, gradients)


def draw_tangents(
    rng: np.random.Generator,
    inputs: Arrays,
    gradients: Sequence[Array | None],
    *,
    only: int | None = None,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> tuple[Array | None, ...]:
    """One tangent per input that has a gradient: an entry of 1e12 moves by 1e12, a zero by its array's typical size.

    Each entry moves the way its claimed gradient points, so that contributions add up instead of cancelling;
    magnitudes are random, so that no wrong gradient hides at right angles. Arguments are scaled against one
    another until each contributes alike. ``only`` moves one argument, and of that the flat indices ``chosen``.
    """
    tangents = [
        None if g is None or only not in (None, position) else wiggle(rng, x, g, chosen, freeze_zeros)
        for position, (x, g) in enumerate(zip(inputs, gradients, strict=True))
    ]
    shares = [
        0.0 if v is None or g is None else float(np.abs(np.where(v != 0, g, 0) * v).sum())
        for v, g in zip(tangents, gradients, strict=True)
    ]
    positive = [share for share in shares if 0 < share < np.inf]
    for position, share in enumerate(shares):
        v = tangents[position]
        if v is not None and share > 0 and positive:
            factor = _LEAST_FACTOR
            if np.isfinite(share):
                factor = max(2.0 ** round(np.log2(min(positive)) - np.log2(share)), _LEAST_FACTOR)
            tangents[position] = np.asarray(v * factor).astype(v.dtype)
    return tuple(tangents)


def noise_elsewhere(
    point: Point, rng: np.random.Generator, steps: Sequence[float] = (0.25, -0.25, 1.0, -1.0, 2.0, -2.0)
) -> list[Array]:
    """Rounding of each output entry, read off the largest value it takes when all inputs move by random ``steps``.

    A cost that is small because large terms cancel carries the rounding of those terms, which shows only where
    they do not cancel. A forward that is small in truth stays small around the point.
    """
    anywhere = [np.zeros_like(x) if x.dtype.kind == "f" else None for x in point.inputs]
    largest = [np.abs(y) for y in point.outputs]
    for step in steps:
        tangents = draw_tangents(rng, point.inputs, anywhere)
        moved = [x if v is None else np.asarray(x + step * v) for x, v in zip(point.inputs, tangents, strict=True)]
        for number, y in enumerate(point.forward(moved) or ()):
            largest[number] = np.maximum(largest[number], np.where(np.isfinite(y), np.abs(y), 0))
    return [spacing(y.dtype) * size for y, size in zip(point.outputs, largest, strict=True)]


def wiggle(
    rng: np.random.Generator,
    array: Array,
    gradient: Array,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> Array:
    """A tangent relative to each entry of ``array``; entries whose claimed gradient is not finite stay."""
    size = np.abs(array)
    nonzero = size[size > 0]
    typical = 0.0 if freeze_zeros else float(np.median(nonzero)) if nonzero.size else 1.0
    size = np.where(size > 0, size, typical)
    magnitudes = _signed(rng, 4, 12, array.shape)
    signed = np.where(gradient != 0, np.copysign(magnitudes, gradient), magnitudes)
    tangent = np.where(np.isfinite(gradient), signed * size, 0.0)
    if chosen is not None:
        keep = np.zeros(array.size, bool)
        keep[chosen] = True
        tangent = np.where(keep.reshape(array.shape), tangent, 0.0)
    laid_out = np.empty_like(array)  # keeps the memory layout, which the op may depend on
    laid_out[...] = tangent
    return laid_out


def _signed(rng: np.random.Generator, low: int, high: int, shape: tuple[int, ...]) -> Array:
    """Random eighths from ``low`` to ``high`` with random signs: short decimals, none near zero."""
    magnitudes = rng.integers(low, high, endpoint=True, size=shape) / 8
    return np.asarray(np.where(rng.integers(0, 2, size=shape) == 1, magnitudes, -magnitudes))


def _weight(y: Array) -> float:
    """The power of two next to the inverse of the typical size of an output."""
    typical = float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) if y.size else 0.0
    return float(2.0 ** -round(np.log2(typical))) if 0 < typical < np.inf else 1.0
