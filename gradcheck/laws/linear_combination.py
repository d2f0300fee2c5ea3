"""Whether an array is a weighted sum of one or two others, to rounding."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from gradcheck.numerics import spacing, tiniest, within
from gradcheck.numerics.blocks import blocks, fitting, largest_of
from gradcheck.numerics.limits import SMALL
from gradcheck.numerics.tolerance import Array

from .limits import ULPS

Triple = tuple[Array, Array, Array]


def all_add_up(triples: list[Triple], weight: float, other: float, least: float = 0.0) -> bool:
    """`adds_up` for every triple; for several small ones at once, each to the rounding of its own largest entry."""
    small = [triple for triple in triples if 0 < triple[0].size <= SMALL and _are_plain(triple)]
    if len(small) > 1:
        c, a, b = (np.concatenate([part.reshape(-1) for part in parts]) for parts in zip(*small, strict=True))
        starts = [0, *accumulate(part.size for part, _, _ in small)][:-1]
        a *= weight
        b *= other
        largest = np.maximum.reduceat(np.abs(a), starts)
        a += b
        c -= a
        error, sums = (np.maximum.reduceat(np.abs(of), starts) for of in (c, a))
        largest = np.maximum(largest, sums)
        if not _is_rounding(error, largest, max(ULPS * spacing(c.dtype), least), tiniest(c.dtype)):
            return False
        triples = [triple for triple in triples if not any(triple is one for one in small)]
    return all(adds_up(c, a, weight, b, other, least) for c, a, b in triples)


def _are_plain(triple: Triple) -> bool:
    return all(array.dtype == np.float64 for array in triple)


def adds_up(
    actual: Array, first: Array, weight: float, second: Array | None = None, other: float = 0.0, least: float = 0.0
) -> bool:
    """Whether ``actual = weight first + other second`` to the rounding of its largest entry, or term; NaN is not.

    ``least`` is the relative error that is rounding at any rate.
    """
    error, largest = 0.0, 0.0
    dtype, expected, scaled = first.dtype, None, None
    wide = np.result_type(actual.dtype, dtype, dtype if second is None else second.dtype, 1.0)
    for c, a, b in blocks(actual, first, second):
        expected, scaled = fitting(expected, c, wide), fitting(scaled, c, wide)
        np.multiply(a, weight, out=expected)
        if b is not None:
            largest = np.maximum(largest, largest_of(expected))
            np.multiply(b, other, out=scaled)
            np.add(expected, scaled, out=expected)
        largest = np.maximum(largest, largest_of(expected))
        error = np.maximum(error, largest_of(np.subtract(c, expected, out=scaled)))
    return _is_rounding(error, largest, max(ULPS * spacing(dtype), least), tiniest(dtype))


def _is_rounding(error: float | Array, largest: float | Array, relative: float, tiny: float) -> bool:
    """Whether no error is more than rounding of what is largest; beside infinity every error would be."""
    return bool(np.isfinite(largest).all() and np.all(within(error, relative * largest + tiny)))
