"""Directions: a random tangent per input, relative to each of its entries, along which the claims add up."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from .blocks import SMALL, all_nonzero, blocks, fitting, root
from .line import Arrays
from .tolerance import Array

Wiggle = tuple[Array, float, float]

_LEAST_FACTOR = 2.0**-6
_FINE = 2.0**-8


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
    moving = [p for p, g in enumerate(gradients) if g is not None and (only is None or p in only)]
    tangents: list[Array | None] = [None] * len(inputs)
    measured = [(0.0, 0.0)] * len(inputs)
    for position, (tangent, share, norm) in _wiggle_all(rng, inputs, gradients, moving, chosen, freeze_zeros).items():
        tangents[position], measured[position] = tangent, (share, norm)
    factors = [1.0] * len(inputs)
    positive = [share for share, _ in measured if 0 < share < math.inf]
    for position, (v, (share, norm)) in enumerate(zip(tangents, measured, strict=True)):
        if v is not None and share > 0 and len(positive) > 1:
            factor = _LEAST_FACTOR
            if math.isfinite(share):
                factor = max(2.0 ** round(math.log2(min(positive)) - math.log2(share)), _LEAST_FACTOR)
            factors[position] = factor
            if factor != 1:
                np.multiply(v, factor, out=v)  # a narrow tangent may lose digits to underflow
                measured[position] = factor * share, factor * norm
                g = gradients[position]
                if v.dtype != np.float64 and g is not None:
                    measured[position] = _share_and_norm(g, v)
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


def _share_and_norm(gradient: Array, tangent: Array) -> tuple[float, float]:
    """``<g, v>`` as in `contribution`, and the root of ``sum (g v)**2``."""
    share = square = 0.0
    room = None
    for g, v in blocks(gradient, tangent):
        room = fitting(room, g, np.float64)
        products = np.multiply(g, v, out=room, dtype=np.float64).reshape(-1)
        share += float(np.add.reduce(products))
        square += float(np.dot(products, products))
    if not math.isfinite(share):
        share = contribution(gradient, tangent)
    return share, root(square, share)


def _wiggle_all(
    rng: np.random.Generator,
    inputs: Arrays,
    gradients: Sequence[Array | None],
    moving: Sequence[int],
    chosen: Array | None,
    freeze_zeros: bool,
) -> dict[int, Wiggle]:
    """The tangents of the inputs that move, by position; of small inputs, where nothing is special, as one array."""
    pairs = [(p, inputs[p], g) for p in moving if (g := gradients[p]) is not None]
    bits = random_bytes(rng, sum(x.size for _, x, _ in pairs))
    small = [pair for pair in pairs if 0 < pair[1].size <= SMALL and _is_plain(pair[1])] if chosen is None else []
    found = _wiggle_as_one(bits, small) if len(small) > 1 else {}
    for position, x, g in pairs:
        if position not in found:
            rest = bits.size - x.size
            found[position] = _wiggle(bits[rest:], x, g, chosen, freeze_zeros)
            bits = bits[:rest]
    return found


def _is_plain(array: Array) -> bool:
    return array.dtype == np.float64 and array.flags.c_contiguous


def _wiggle_as_one(bits: Array, pairs: Sequence[tuple[int, Array, Array]]) -> dict[int, Wiggle]:
    """`_wiggle` for several small arrays at once; nothing where an entry is an exception."""
    x = np.concatenate([x.reshape(-1) for _, x, _ in pairs])
    tangent = np.empty_like(x)
    products = _along(tangent, bits[: x.size], x, np.concatenate([g.reshape(-1) for _, _, g in pairs]))
    if not (all_nonzero(products) and math.isfinite(np.add.reduce(products))):
        return {}
    ends = list(accumulate(x.size for _, x, _ in pairs))
    starts = [0, *ends[:-1]]
    shares = np.add.reduceat(products, starts).tolist()
    squares = np.add.reduceat(products * products, starts).tolist()
    return {
        position: (tangent[start:end].reshape(x.shape), share, root(square, share))
        for (position, x, _), start, end, share, square in zip(pairs, starts, ends, shares, squares, strict=True)
    }


def _wiggle(bits: Array, array: Array, gradient: Array, chosen: Array | None, freeze_zeros: bool) -> Wiggle:
    """A tangent relative to each entry of ``array``, from one random byte each; its share and norm (see `Direction`).

    Entries without a claimed gradient move either way, those whose claimed gradient is not finite stay. The tangent
    keeps the memory layout of ``array``, which the op may depend on.
    """
    bits = bits.reshape(array.shape)
    tangent = np.empty_like(array)
    share = square = 0.0
    ordinary, room = chosen is None, None
    for v, b, x, g in blocks(tangent, bits, array, gradient):
        room = fitting(room, v, np.float64)
        products = _along(v, b, x, g, room).reshape(-1)
        if ordinary:
            share += float(np.add.reduce(products))
            square += float(np.dot(products, products))
            ordinary = math.isfinite(share) and all_nonzero(products)
    if ordinary:
        return tangent, share, root(square, share)
    _treat_exceptions(tangent, bits, array, gradient, chosen, freeze_zeros)
    return tangent, *_share_and_norm(gradient, tangent)


def _along(tangent: Array, bits: Array, array: Array, gradient: Array, out: Array | None = None) -> Array:
    """Fill a tangent with 0.5 to 1.5 times each entry, pointing along the gradient; what the gradient makes of it."""
    np.multiply(bits, array.dtype.type(_FINE), out=tangent)
    np.add(tangent, array.dtype.type(0.5), out=tangent)
    np.multiply(tangent, array, out=tangent)
    np.copysign(tangent, gradient, out=tangent)
    return np.multiply(gradient, tangent, out=out, dtype=np.float64)


def _treat_exceptions(
    tangent: Array, bits: Array, array: Array, gradient: Array, chosen: Array | None, freeze_zeros: bool
) -> None:
    """Entries that are zero, that have no claimed gradient or none that is finite, or that are to stay."""
    if not all_nonzero(array):
        zero = array == 0
        size = np.abs(array[~zero])
        typical = 0.0 if freeze_zeros else float(np.median(size)) if size.size else 1.0
        magnitudes = bits[zero] * array.dtype.type(_FINE) + array.dtype.type(0.5)
        tangent[zero] = np.copysign(magnitudes * typical, gradient[zero])
    if not all_nonzero(gradient):
        np.negative(tangent, out=tangent, where=(gradient == 0) & ((bits & 1) != 0))
    if not math.isfinite(np.add.reduce(gradient, axis=None)):
        tangent[~np.isfinite(gradient)] = 0
    if chosen is not None:
        keep = np.zeros(array.size, bool)
        keep[chosen] = True
        tangent[~keep.reshape(array.shape)] = 0


def random_bytes(rng: np.random.Generator, count: int) -> Array:
    """Uniform bytes, straight from the bit generator: several times as fast as ``rng.bytes``."""
    words: Array = rng.bit_generator.random_raw(count // 8 + 1)
    return words.view(np.uint8)[:count]
