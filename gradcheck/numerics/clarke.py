"""What the backward claims at points so near that only a kink can make a difference.

At a kink a right backward returns a gradient that the forward has nearby, or a mean of several: an element of
Clarke's generalized gradient, the convex hull of the limits of gradients at smooth points. Moving one entry alone need
not reach those limits: of three tied values it crosses to two, and the claim may belong to the third. So the
backward is asked at perturbed points, where it can be checked against finite differences. Source: F. H. Clarke,
"Optimization and Nonsmooth Analysis" (1983), section 2.5.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from .ladder import Ladder
from .limits import (
    APART,
    CHECKED,
    CLOSER,
    DRIFT,
    FAR_TO_MOVE,
    FEW,
    HULL_MARGIN,
    LEAST_ULPS,
    MET,
    MOST_OUTPUTS,
    NEARER,
    OWN,
    TINY_FIRST,
    TINY_RUNGS,
)
from .line import Line, Point, Tangents
from .perturbed import along_own_gradients, perturbed
from .probe import Probe
from .projection import Judgement, claim_of, relative_spacing
from .tolerance import Array, spacing, within

_TINY = Ladder(first=TINY_FIRST, rungs=TINY_RUNGS)


@dataclass(frozen=True)
class Nearby:
    """The least and the largest claim at nearby points that finite differences bear out.

    ``below`` and ``above`` are how far the hull goes on beyond them.
    """

    low: float
    high: float
    drift: float
    below: float = 0.0
    above: float = 0.0

    def holds(self, claim: float) -> bool:
        """Whether a claim lies between those nearby."""
        low, high = self.low - self.below - self.drift, self.high + self.above + self.drift
        return bool(within(low, claim) and within(claim, high))

    def joined(self, slopes: Sequence[float]) -> Nearby:
        """The same with the one-sided slopes at the point, each of which is in the hull by the mean value theorem.

        Along an axis both may be one number, and no claim nearby: of the middle one of three equal eigenvalues both
        are 0.
        """
        below, above = self.low - min(slopes, default=self.low), max(slopes, default=self.high) - self.high
        return replace(self, below=max(self.below, below), above=max(self.above, above))

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
    asked = _asked(point, probe.cotangents, refuted.tangents, around(point, apart, rng, draws, refuted.tangents))
    if len(asked) < CHECKED:
        return None
    claims = [claim for _, claim in asked]
    drift = DRIFT * max(abs(refuted.claim), *map(abs, claims))
    if nearer == 1 and Nearby(min(claims), max(claims), drift).same(refuted.claim):
        return None
    ends = _ends(point, probe.cotangents, refuted.tangents, asked, apart)
    return None if ends is None else _hull(claims, ends, drift).joined(_slopes(refuted))


def _hull(claims: Sequence[float], ends: tuple[float, float], drift: float) -> Nearby:
    """What claims nearby span, of which these are the ends, with what lies beyond an end to which few of them come.

    Where pieces meet, draw after draw comes to each corner of the hull. That of equal eigenvalues is round: no draw
    comes to its ends, and a right claim may be one of them.
    """
    low, high = ends
    margins = [
        HULL_MARGIN
        * (high - low)
        * (not within(MET * len(claims), sum(bool(within(abs(c - end), drift)) for c in claims)))
        for end in ends
    ]
    return Nearby(low, high, drift, *margins)


def _ends(
    point: Point, cotangents: Sequence[Array], tangents: Tangents, asked: list[tuple[list[Array], float]], apart: float
) -> tuple[float, float] | None:
    """The least and the largest claim that finite differences bear out; None where they bear out none."""
    asked = sorted(asked, key=lambda pair: pair[1])
    ends = []
    for order in (asked, asked[::-1]):
        right = (claim for inputs, claim in order if _bears_out(point, cotangents, tangents, inputs, claim, apart))
        ends.append(next(right, math.nan))
    return (ends[0], ends[1]) if all(map(math.isfinite, ends)) else None


def _slopes(refuted: Judgement) -> tuple[float, ...]:
    """The slopes at the point itself, where they are known."""
    if refuted.slopes is not None:
        return refuted.slopes
    return (refuted.estimate.value,) if refuted.estimate.settled else ()


def can_be_nearer(gradients: Sequence[Array | None]) -> bool:
    """Whether the backward's dtype can tell points apart that are nearer still."""
    return all(within(LEAST_ULPS * spacing(g.dtype), APART * NEARER) for g in gradients if g is not None)


def far_enough(gradients: Sequence[Array | None]) -> float:
    """A relative distance so small that only a kink makes a difference, and that the backward's dtype can tell."""
    return max([APART, *(LEAST_ULPS * spacing(g.dtype) for g in gradients if g is not None)])


def claims_by_output(
    point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator, draws: int = FEW, nearer: float = 1.0
) -> Nearby | None:
    """The sums of the least and of the largest claims nearby, output entry by entry.

    A backward may break one tie differently for each output that depends on it: the chain rule for generalized
    gradients is an inclusion. None where many outputs move, where the backward does not answer, where it says the
    same everywhere as at a smooth point, or where it is wrong there too.
    """
    picks = _moved_outputs(point, refuted.tangents, rng)
    if len(picks) > MOST_OUTPUTS:
        return None
    apart = APART * nearer
    every = []
    for number, entry in picks:
        picked = [np.zeros_like(y) for y in point.outputs]
        picked[number].reshape(-1)[entry] = probe.cotangents[number].reshape(-1)[entry]
        asked = _asked(point, picked, refuted.tangents, around(point, apart, rng, draws))
        if not asked:
            return None
        every.append((picked, asked))
    claimed = _sum([([claim for _, claim in asked], None) for _, asked in every], refuted)
    if nearer != 1:
        return claimed
    if claimed.same(refuted.claim) or not claimed.holds(refuted.claim):
        return None
    ends = [_ends(point, picked, refuted.tangents, asked, apart) for picked, asked in every]
    if None in ends:
        return None
    return _sum([([claim for _, claim in asked], end) for (_, asked), end in zip(every, ends, strict=True)], refuted)


def around(
    point: Point, apart: float, rng: np.random.Generator, draws: int, tangents: Tangents | None = None
) -> Iterator[list[Array]]:
    """All places around the point at which its generalized gradient is looked for."""
    yield from perturbed(point, apart, rng, tangents, draws)
    yield from along_own_gradients(point, apart, draws // OWN)


def _asked(
    point: Point, cotangents: Sequence[Array], tangents: Tangents, places: Iterable[list[Array]]
) -> list[tuple[list[Array], float]]:
    """The places at which the backward answers, each with what it claims about a direction."""
    found = []
    for inputs in places:
        gradients = point.gradients(cotangents, inputs)
        claim = math.nan if gradients is None else claim_of(gradients, tangents)
        if math.isfinite(claim):
            found.append((inputs, claim))
    return found


def _sum(outputs: Sequence[tuple[Sequence[float], tuple[float, float] | None]], refuted: Judgement) -> Nearby:
    """The hull of all outputs: the sum of theirs, each of the claims nearby and those of them that are its ends."""
    found = [
        _hull(claims, ends or (min(claims), max(claims)), DRIFT * max(map(abs, claims))) for claims, ends in outputs
    ]
    low, high = sum(one.low for one in found), sum(one.high for one in found)
    drift = DRIFT * max(abs(refuted.claim), abs(low), abs(high))
    below, above = sum(one.below for one in found), sum(one.above for one in found)
    return Nearby(low, high, drift, below, above).joined(_slopes(refuted))


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


def _bears_out(
    point: Point, cotangents: Sequence[Array], tangents: Tangents, inputs: list[Array], claim: float, apart: float
) -> bool:
    """Whether finite differences far smaller than the perturbation agree with the claim at a perturbed point."""
    outputs = point.forward(inputs)
    if outputs is None or not all(np.isfinite(y).all() for y in outputs):
        return False
    there = replace(point, inputs=tuple(inputs), outputs=tuple(np.array(y) for y in outputs))
    line = Line(there, cotangents, tangents)
    ladder = replace(_TINY, first=_TINY.first * apart / APART)
    noise = relative_spacing(point, tangents) * line.size
    estimate = ladder.climb(line.change, noise, relative_spacing(point, tangents))
    return bool(within(abs(claim - estimate.value), 4 * estimate.error + DRIFT * abs(claim)))
