"""Directions: a random tangent per input, relative to each of its entries, along which the claims add up."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from .limits import LEAST_OF_ARGUMENT
from .line import Arrays
from .tangent import STILL, contribution, draw_tangents
from .tolerance import Array


@dataclass(frozen=True)
class Direction:
    """A tangent per input (None where an input stays), and what the gradients it was drawn for make of it.

    Tangents point along the gradient, so ``shares[i]`` is both ``<g, v>`` and ``sum |g v|`` of input ``i``. An entry
    moves by at most 1.5 times its size; ``factors[i]`` is what is left of the share that moves of 0.5 to 1.5 times its
    size would have, and ``norms[i]`` that part of the root of the ``sum (g v)**2`` of those moves.
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

    def replaced(self, position: int, tangent: Array, gradient: Array | None) -> Direction:
        """The same with another tangent of one input: with some of its entries."""
        share = contribution(gradient, tangent)
        here = [number == position for number in range(len(self.tangents))]
        return Direction(
            tuple(tangent if moves else v for v, moves in zip(self.tangents, here, strict=True)),
            tuple(share if moves else other for other, moves in zip(self.shares, here, strict=True)),
            tuple(share if moves else other for other, moves in zip(self.norms, here, strict=True)),
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
    magnitudes are random, so that no wrong gradient hides at right angles. Entries of an argument are scaled down
    towards the same contribution, up to 64-fold, and then arguments, up to 8-fold, so that neither drowns another.
    ``only`` moves some arguments, and of those the flat indices ``chosen``.
    """
    moving = [p for p, g in enumerate(gradients) if g is not None and (only is None or p in only)]
    found = draw_tangents(rng, inputs, gradients, moving, chosen, freeze_zeros)
    least = min((w.share for w in found.values() if 0 < w.share < math.inf), default=math.inf)
    if len(found) > 1 and math.isfinite(least):
        for p, move in found.items():
            if move.share > 0:
                factor = 2.0 ** round(math.log2(least) - math.log2(move.share)) if move.share < math.inf else 0.0
                found[p] = move.scaled(max(factor, LEAST_OF_ARGUMENT), gradients[p])
    moves = [found.get(p, STILL) for p in range(len(inputs))]
    return Direction(
        tuple(w.tangent for w in moves),
        tuple(w.share for w in moves),
        tuple(w.norm for w in moves),
        tuple(w.factor for w in moves),
    )
