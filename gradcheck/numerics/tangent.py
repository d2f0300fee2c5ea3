"""The tangent of one input: relative to each entry, along the claimed gradient, no entry far louder than another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from .blocks import all_nonzero, blocks, fitting, root
from .limits import BLOCK, LEAST_OF_ENTRY, SMALL
from .line import Arrays
from .tolerance import Array

_FINE = 2.0**-8


@dataclass(frozen=True)
class Tangent:
    """A tangent of one input (None: it stays), with its share, norm and factor as of a `direction.Direction`."""

    tangent: Array | None
    share: float = 0.0
    norm: float = 0.0
    factor: float = 1.0

    def scaled(self, factor: float, gradient: Array | None) -> Tangent:
        """The same by a power of two, in place; a narrow tangent may lose digits to underflow."""
        if self.tangent is None or factor == 1:
            return self
        np.multiply(self.tangent, factor, out=self.tangent)
        wide = self.tangent.dtype == np.float64
        share = factor * self.share if wide else contribution(gradient, self.tangent)
        return Tangent(self.tangent, share, factor * self.norm, factor * self.factor)


STILL = Tangent(None)


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


def draw_tangents(
    rng: np.random.Generator,
    inputs: Arrays,
    gradients: Sequence[Array | None],
    moving: Sequence[int],
    chosen: Array | None,
    freeze_zeros: bool,
) -> dict[int, Tangent]:
    """The tangents of the inputs that move, by position; of small inputs, where nothing is special, as one array."""
    pairs = [(p, inputs[p], g) for p in moving if (g := gradients[p]) is not None]
    bits = random_bytes(rng, sum(x.size for _, x, _ in pairs))
    small = [pair for pair in pairs if 0 < pair[1].size <= SMALL and _is_plain(pair[1])] if chosen is None else []
    found = _tangents_as_one(bits, small) if len(small) > 1 else {}
    for position, x, g in pairs:
        if position not in found:
            rest = bits.size - x.size
            found[position] = _tangent(bits[rest:], x, g, chosen, freeze_zeros)
            bits = bits[:rest]
    return found


def _is_plain(array: Array) -> bool:
    return array.dtype == np.float64 and array.flags.c_contiguous


def _tangents_as_one(bits: Array, pairs: Sequence[tuple[int, Array, Array]]) -> dict[int, Tangent]:
    """`_tangent` for several small arrays at once; nothing where an entry is an exception."""
    x = np.concatenate([x.reshape(-1) for _, x, _ in pairs])
    tangent = np.empty_like(x)
    products = _along(tangent, bits[: x.size], x, np.concatenate([g.reshape(-1) for _, _, g in pairs]))
    if not (all_nonzero(products) and math.isfinite(np.add.reduce(products))):
        return {}
    ends = list(accumulate(x.size for _, x, _ in pairs))
    starts = [0, *ends[:-1]]
    before = np.add.reduceat(products, starts)
    squares = np.add.reduceat(products * products, starts).tolist()
    sizes = [x.size for _, x, _ in pairs]
    least = np.maximum(np.minimum.reduceat(products, starts), before / sizes * LEAST_OF_ENTRY)
    powers = _powers(products, np.repeat(least, sizes))
    np.ldexp(tangent, powers, out=tangent)
    after = np.add.reduceat(np.ldexp(products, powers, out=products), starts)
    measured = zip(pairs, starts, ends, before.tolist(), squares, after.tolist(), strict=True)
    return {
        position: Tangent(
            tangent[start:end].reshape(x.shape), share, root(square, whole) * share / whole, share / whole
        )
        for (position, x, _), start, end, whole, square, share in measured
    }


def _tangent(bits: Array, array: Array, gradient: Array, chosen: Array | None, freeze_zeros: bool) -> Tangent:
    """A tangent relative to each entry of ``array``, from one random byte each.

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
    if not ordinary:
        _treat_exceptions(tangent, bits, array, gradient, chosen, freeze_zeros)
        share, norm = _share_and_norm(gradient, tangent)
    else:
        norm = root(square, share)
    factor = _even_out(tangent, gradient, share) if array.size <= BLOCK else 1.0  # a larger sum drowns any one entry
    return Tangent(tangent, contribution(gradient, tangent) if factor != 1 else share, norm * factor, factor)


def _even_out(tangent: Array, gradient: Array, share: float) -> float:
    """Scale down the entries that contribute most, by up to 64; what is then left of the share."""
    if not 0 < share < math.inf:
        return 1.0
    products = np.multiply(gradient, tangent, dtype=np.float64)
    moves = products > 0
    count = int(np.count_nonzero(moves))
    if count < 2 or not math.isfinite(np.add.reduce(products, axis=None)):
        return 1.0
    smallest = float(np.minimum.reduce(products, axis=None, where=moves, initial=share))
    least = max(smallest, share / count * LEAST_OF_ENTRY)
    powers = _powers(products, least)
    np.ldexp(tangent, powers, out=tangent)
    return float(np.add.reduce(np.ldexp(products, powers, out=products), axis=None)) / share


def _powers(products: Array, least: Array | float) -> Array:
    """The powers of two, from -6 to 0, that bring contributions down towards ``least`` where they are larger.

    Powers of two leave the digits of a tangent as they are: those at a zero are few, and fit a narrower dtype too.
    """
    weights = np.add(products, least)
    np.divide(least, weights, out=weights)
    np.add(weights, LEAST_OF_ENTRY, out=weights)
    np.multiply(weights, math.sqrt(2.0), out=weights)  # to the nearest power, not the next one below
    powers = np.empty(weights.shape, np.intc)
    np.frexp(weights, out=(weights, powers))
    np.subtract(powers, 1, out=powers)
    return np.minimum(powers, 0, out=powers)


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
