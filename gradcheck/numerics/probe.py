"""Random cotangents and directions: of both signs, none near zero, relative to what they probe."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from .blocks import all_nonzero, blocks
from .line import Arrays, Point
from .tolerance import Array

_SCALES = (32.0, 1 / 32)
_LEAST_FACTOR = 2.0**-6
_FINE = 2.0**-8


@dataclass(frozen=True)
class Probe:
    """A cotangent and what the backward makes of it: the claim under test."""

    cotangents: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


@dataclass(frozen=True)
class Direction:
    """A tangent per input (None where an input stays), and what the gradients it was drawn for make of it.

    Tangents point along the gradient, so ``shares[i]`` is both ``<g, v>`` and ``sum |g v|`` of input ``i``, and
    ``norms[i]`` is the root of its ``sum (g v)**2``. An entry x moves by ``factors[i]`` times 0.5 to 1.5 of its size.
    """

    tangents: tuple[Array | None, ...]
    shares: tuple[float, ...]
    norms: tuple[float, ...]
    factors: tuple[float, ...]

    @property
    def size(self) -> float:
        """``<g, v>`` over all inputs: the slope that is claimed."""
        return math.fsum(self.shares)

    def part(self, positions: Collection[int]) -> Direction:
        """The same direction with only some of the inputs moving."""
        kept = [position in positions for position in range(len(self.tangents))]
        return Direction(
            tuple(v if keep else None for v, keep in zip(self.tangents, kept, strict=True)),
            tuple(share if keep else 0.0 for share, keep in zip(self.shares, kept, strict=True)),
            tuple(norm if keep else 0.0 for norm, keep in zip(self.norms, kept, strict=True)),
            self.factors,
        )


def draw_cotangents(rng: np.random.Generator, outputs: Sequence[Array]) -> tuple[Array, ...]:
    """One cotangent per output: magnitudes 0.75 to 1.75, random signs, a scale far from 1.

    Of several outputs each is weighted by the inverse of its own size, so that none drowns another.
    """
    scale = _SCALES[rng.random() < 0.5] * (0.9 + 0.2 * rng.random())  # all digits: a backward may cut some
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


def draw_direction(
    rng: np.random.Generator,
    inputs: Arrays,
    gradients: Sequence[Array | None],
    *,
    only: Collection[int] | None = None,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> Direction:
    """One tangent per input that has a gradient: an entry of 1e12 moves by 1e12, a zero by its array's typical size.

    Each entry moves the way its claimed gradient points, so that contributions add up instead of cancelling;
    magnitudes are random, so that no wrong gradient hides at right angles. Arguments are scaled down, up to
    64-fold, until each contributes alike. ``only`` moves some arguments, and of those the flat indices ``chosen``.
    """
    moving = [g is not None and (only is None or position in only) for position, g in enumerate(gradients)]
    bits = random_bytes(rng, sum(x.size for x, moves in zip(inputs, moving, strict=True) if moves))
    tangents: list[Array | None] = [None] * len(moving)
    for position, (x, g) in enumerate(zip(inputs, gradients, strict=True)):
        if g is not None and moving[position]:
            tangents[position] = _wiggle(bits[: x.size], x, g, chosen, freeze_zeros)
            bits = bits[x.size :]
    measured = [_share_and_norm(g, v) for g, v in zip(gradients, tangents, strict=True)]
    factors = [1.0] * len(measured)
    positive = [share for share, _ in measured if 0 < share < math.inf]
    for position, (v, (share, norm)) in enumerate(zip(tangents, measured, strict=True)):
        if v is not None and share > 0 and len(positive) > 1:
            factor = _LEAST_FACTOR
            if math.isfinite(share):
                factor = max(2.0 ** round(math.log2(min(positive)) - math.log2(share)), _LEAST_FACTOR)
            factors[position] = factor
            if factor != 1:
                np.multiply(v, factor, out=v)
                # a narrow tangent may have lost digits to underflow: its share is not just the factor's multiple
                exact = v.dtype == np.float64
                measured[position] = (
                    (factor * share, factor * norm) if exact else _share_and_norm(gradients[position], v)
                )
    shares, norms = zip(*measured, strict=True)
    return Direction(tuple(tangents), shares, norms, tuple(factors))


def contribution(gradient: Array | None, tangent: Array | None) -> float:
    """``<g, v>`` in float64; entries that do not move contribute nothing, whatever is claimed of them."""
    if gradient is None or tangent is None:
        return 0.0
    left = gradient.astype(np.float64, copy=False).ravel()
    right = tangent.astype(np.float64, copy=False).ravel()
    found = float(np.dot(left, right))
    return found if math.isfinite(found) else float(np.dot(np.where(right != 0, left, 0.0), right))


def _share_and_norm(gradient: Array | None, tangent: Array | None) -> tuple[float, float]:
    """``<g, v>`` as in `contribution`, and the root of ``sum (g v)**2``."""
    if gradient is None or tangent is None:
        return 0.0, 0.0
    share = square = 0.0
    for g, v in blocks(gradient, tangent):
        products = np.multiply(g, v, dtype=np.float64).ravel()
        share += float(np.add.reduce(products))
        square += float(np.dot(products, products))
    if not math.isfinite(share):
        share = contribution(gradient, tangent)
    return share, math.sqrt(square) if math.isfinite(square) else math.inf


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
        tangents = draw_direction(rng, point.inputs, anywhere).tangents
        moved = [x if v is None else np.asarray(x + step * v) for x, v in zip(point.inputs, tangents, strict=True)]
        for number, y in enumerate(point.forward(moved) or ()):
            largest[number] = np.maximum(largest[number], np.where(np.isfinite(y), np.abs(y), 0))
    return [point.spacing(y) * size for y, size in zip(point.outputs, largest, strict=True)]


def _wiggle(
    bits: Array,
    array: Array,
    gradient: Array,
    chosen: Array | None = None,
    freeze_zeros: bool = False,
) -> Array:
    """A tangent relative to each entry of ``array``, from one random byte each; where no finite gradient is claimed, 0.

    Entries without a claimed gradient move either way. The tangent keeps the memory layout of ``array``, which the op
    may depend on.
    """
    bits = bits.reshape(array.shape)
    tangent = np.empty_like(array)
    fine, half = array.dtype.type(_FINE), array.dtype.type(0.5)
    for v, b, x, g in blocks(tangent, bits, array, gradient):
        np.multiply(b, fine, out=v)
        np.add(v, half, out=v)
        np.multiply(v, x, out=v)
        np.copysign(v, g, out=v)
    if not all_nonzero(array):
        zero = array == 0
        size = np.abs(array[~zero])
        typical = 0.0 if freeze_zeros else float(np.median(size)) if size.size else 1.0
        tangent[zero] = np.copysign((bits[zero] * fine + half) * typical, gradient[zero])
    if not all_nonzero(gradient):
        np.negative(tangent, out=tangent, where=(gradient == 0) & ((bits & 1) != 0))
    if not math.isfinite(np.add.reduce(gradient, axis=None)):
        tangent[~np.isfinite(gradient)] = 0
    if chosen is not None:
        keep = np.zeros(array.size, bool)
        keep[chosen] = True
        tangent[~keep.reshape(array.shape)] = 0
    return tangent


def random_bytes(rng: np.random.Generator, count: int) -> Array:
    """Uniform bytes, straight from the bit generator: several times as fast as ``rng.bytes``."""
    words: Array = rng.bit_generator.random_raw(count // 8 + 1)
    return words.view(np.uint8)[:count]


def _weight(y: Array) -> float:
    """The power of two next to the inverse of the typical size of an output."""
    typical = float(np.sqrt(np.mean(np.square(y, dtype=np.float64)))) if y.size else 0.0
    return float(2.0 ** -round(np.log2(typical))) if 0 < typical < np.inf else 1.0
