"""What the backward claims at points so near that only a kink can make a difference.

At a kink a right backward returns a gradient that the forward has nearby, or a mean of several: an element of
Clarke's generalized gradient, the convex hull of the limits of gradients at smooth points. Moving one entry alone need
not reach those limits: of three tied values it crosses to two, and the claim may belong to the third. So the
backward is asked at perturbed points, where it can be checked against finite differences. Source: F. H. Clarke,
"Optimization and Nonsmooth Analysis" (1983), section 2.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from .ladder import Ladder
from .limits import (
    APART,
    CHECKED,
    CLOSER,
    CORNERS,
    DRIFT,
    FAR_TO_MOVE,
    FEW,
    LEAST_ULPS,
    MOST_OUTPUTS,
    NEARER,
    TINY_FIRST,
    TINY_RUNGS,
)
from .line import Line, Point, Tangents
from .probe import Probe
from .projection import Judgement, claim_of, relative_spacing
from .tolerance import Array, spacing, within

_TINY = Ladder(first=TINY_FIRST, rungs=TINY_RUNGS)


@dataclass(frozen=True)
class Nearby:
    """The least and the largest claim at nearby points that finite differences bear out."""

    low: float
    high: float
    drift: float

    def holds(self, claim: float) -> bool:
        """Whether a claim lies between those nearby."""
        return bool(within(self.low - self.drift, claim) and within(claim, self.high + self.drift))

    def closes_in(self, nearer: Nearby) -> bool:
        """Whether claims even nearer lie closer together in proportion, as where all is smooth.

        At a kink they do not, unless a few draws happen to miss one of its sides, and then they are all the same.
        """
        width, closer = self.high - self.low, nearer.high - nearer.low
        return bool(within(width * NEARER * CLOSER, closer) and within(closer, width * CLOSER))

    def same(self, claim: float) -> bool:
        """Whether all claims nearby are this one, as they are at a smooth point."""
        return bool(within(abs(claim - self.low), self.drift) and within(abs(claim - self.high), self.drift))


def claims_nearby(
    point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator, draws: int = FEW, nearer: float = 1.0
) -> Nearby | None:
    """Ask the backward at perturbed points about the direction that was refuted; ``nearer`` than usual by a factor.

    None where it does not answer, says the same everywhere as at a smooth point, or is wrong there too.
    """
    apart = far_enough(probe.gradients) * nearer
    asked: list[tuple[list[Array], float]] = []
    for inputs in perturbed(point, apart, rng, refuted.tangents, draws):
        gradients = point.gradients(probe.cotangents, inputs)
        claim = math.nan if gradients is None else claim_of(gradients, refuted.tangents)
        if math.isfinite(claim):
            asked.append((inputs, claim))
    if len(asked) < CHECKED:
        return None
    claims = [claim for _, claim in asked]
    drift = DRIFT * max(abs(refuted.claim), *map(abs, claims))
    if nearer == 1 and Nearby(min(claims), max(claims), drift).same(refuted.claim):
        return None
    asked.sort(key=lambda pair: pair[1])
    ends = []
    for order in (asked, asked[::-1]):
        right = (claim for inputs, claim in order if _bears_out(point, probe, refuted.tangents, inputs, claim, apart))
        ends.append(next(right, math.nan))
    return Nearby(ends[0], ends[1], drift) if all(map(math.isfinite, ends)) else None


def can_be_nearer(gradients: Sequence[Array | None]) -> bool:
    """Whether the backward's dtype can tell points apart that are nearer still."""
    return all(within(LEAST_ULPS * spacing(g.dtype), APART * NEARER) for g in gradients if g is not None)


def far_enough(gradients: Sequence[Array | None]) -> float:
    """A relative distance so small that only a kink makes a difference, and that the backward's dtype can tell."""
    return max([APART, *(LEAST_ULPS * spacing(g.dtype) for g in gradients if g is not None)])


def perturbed(
    point: Point,
    apart: float,
    rng: np.random.Generator,
    tangents: Tangents | None = None,
    draws: int = FEW,
) -> Iterator[list[Array]]:
    """The inputs with ties and zeros broken: by position both ways, all up, all down, and at random, ``draws`` times.

    With ``tangents`` also with the entries that move left where they are, while all others go up, down, or either way.
    """
    arrays = list(point.inputs)

    def ramps() -> list[Array]:
        return [np.linspace(0.5, 1.0, x.size).reshape(x.shape) + 0.1 * n for n, x in enumerate(arrays)]

    def patterns() -> Iterator[list[Array]]:
        for sign, start in ((1, 0), (-1, 2), (-1, 0), (1, -2)):
            yield [start + sign * p for p in ramps()]
        apart_from_others = np.random.default_rng(0)  # so that what is drawn after this stays as it is
        for number in range(draws):
            drawn = [_either_way(rng, x) for x in arrays]
            yield [_of_all_sizes(apart_from_others, p) for p in drawn] if number % 2 else drawn

    sizes = [_size(x) if x.dtype.kind == "f" else None for x in arrays]
    still = [] if tangents is None else [1.0 if v is None else v == 0 for v in tangents]
    for held in (False, True) if still else (False,):
        for pattern in patterns():
            yield [
                x if size is None else np.asarray(x + apart * size * (p * still[n] if held else p)).astype(x.dtype)
                for n, (x, size, p) in enumerate(zip(arrays, sizes, pattern, strict=True))
            ]


def _of_all_sizes(rng: np.random.Generator, moves: Array) -> Array:
    """Some entries move much less than others: at the corners of a hull a few decide (of eigenvalues, the diagonal)."""
    return np.asarray(moves * 2.0 ** -rng.integers(0, CORNERS, moves.shape))


def _either_way(rng: np.random.Generator, array: Array) -> Array:
    """Half of the entries up and half of them down; of an odd number either half may be the larger."""
    signs = rng.choice([-1.0, 1.0]) * rng.permutation(np.where(np.arange(array.size) % 2 == 0, 1.0, -1.0))
    return np.asarray(rng.uniform(0.5, 1.5, array.shape) * signs.reshape(array.shape))


def claims_by_output(
    point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator, draws: int = FEW, nearer: float = 1.0
) -> Nearby | None:
    """The sums of the least and of the largest claims nearby, output entry by entry.

    A backward may break one tie differently for each output that depends on it: the chain rule for generalized
    gradients is an inclusion. None where many outputs move, where the backward does not answer, or where it says the
    same everywhere as at a smooth point.
    """
    picks = _moved_outputs(point, refuted.tangents, rng)
    if len(picks) > MOST_OUTPUTS:
        return None
    low = high = 0.0
    for number, entry in picks:
        picked = [np.zeros_like(y) for y in point.outputs]
        weight = probe.cotangents[number].reshape(-1)[entry]
        picked[number].reshape(-1)[entry] = weight
        claims = []
        for inputs in perturbed(point, APART * nearer, rng, draws=draws):
            gradients = point.gradients(picked, inputs)
            claims.append(math.nan if gradients is None else claim_of(gradients, refuted.tangents))
        finite = [claim for claim in claims if math.isfinite(claim)]
        if not finite:
            return None
        low, high = low + min(finite), high + max(finite)
    found = Nearby(low, high, DRIFT * max(abs(refuted.claim), abs(low), abs(high)))
    return None if nearer == 1 and found.same(refuted.claim) else found


def _moved_outputs(point: Point, tangents: Tangents, rng: np.random.Generator) -> list[tuple[int, int]]:
    """The outputs, by number and entry, that change along a direction, here or at a point nearby."""
    moved: set[tuple[int, int]] = set()
    for base in (list(point.inputs), *islice(perturbed(point, APART, rng), CHECKED)):
        start = [np.array(y) for y in point.forward(base) or ()]
        for step in (FAR_TO_MOVE, -FAR_TO_MOVE):
            inputs = [x if v is None else np.asarray(x + step * v) for x, v in zip(base, tangents, strict=True)]
            for number, (y, before) in enumerate(zip(point.forward(inputs) or (), start, strict=False)):
                moved.update((number, int(entry)) for entry in np.flatnonzero(y != before))
    return sorted(moved)


def _size(array: Array) -> Array:
    """The size of each entry; of zeros the typical size in their array."""
    size = np.abs(array)
    typical = float(np.median(size[size > 0])) if size.any() else 1.0
    return np.where(size > 0, size, typical)


def _bears_out(point: Point, probe: Probe, tangents: Tangents, inputs: list[Array], claim: float, apart: float) -> bool:
    """Whether finite differences far smaller than the perturbation agree with the claim at a perturbed point."""
    outputs = point.forward(inputs)
    if outputs is None or not all(np.isfinite(y).all() for y in outputs):
        return False
    there = replace(point, inputs=tuple(inputs), outputs=tuple(np.array(y) for y in outputs))
    line = Line(there, probe.cotangents, tangents)
    ladder = replace(_TINY, first=_TINY.first * apart / APART)
    noise = relative_spacing(point, tangents) * line.size
    estimate = ladder.climb(line.change, noise, relative_spacing(point, tangents))
    return bool(within(abs(claim - estimate.value), 4 * estimate.error + DRIFT * abs(claim)))
