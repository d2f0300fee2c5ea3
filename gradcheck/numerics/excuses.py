"""The last excuses of a direction that was refuted: structure finer than every step, kinks, other precisions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from .kink import is_singular
from .ladder import Ladder
from .line import Point, Tangents
from .nearby import FEW, MANY, NEARER, can_be_nearer, claims_by_output, claims_nearby
from .outcome import Outcome
from .probe import Probe
from .projection import ESTIMATE_FACTOR, GOES_AWAY, Judgement, judge
from .shadow import rounding_in_float32
from .tolerance import spacing, tiniest, within
from .wiggle import contribution

_LARGE = 2**22
_NEARBY = 2.0**-4
_TINIEST = (2.0**-22, 2.0**-40, 2.0**-60, 2.0**-80)  # the last three move exact zeros only
_TELLS = 8.0
_BELOW = 8.0


def excused(
    point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator
) -> tuple[Outcome, Judgement] | None:
    """What still excuses a direction: structure finer than every step so far, a kink of many branches, lost digits."""
    large = sum(x.size for x in point.inputs) > _LARGE
    for first in _TINIEST[:1] if large else () if point.coarse else _TINIEST:
        tiny = judge(point, probe, refuted.direction, Ladder(first=first, ratio=4.0, rungs=6))
        if refuted.size > 0 and tiny.agrees and within(_TELLS * tiny.tolerance, refuted.gap):
            return Outcome.AGREES, tiny
        if is_singular(tiny.estimate.rungs, tiny.estimate.noise):
            return Outcome.SINGULAR, refuted
    if large:  # whole copies in other precisions would cost more than the check
        return None
    if _is_below(probe, refuted) or _is_underflow(probe, refuted) or _is_shadowed(point, probe, refuted, rng):
        return Outcome.NOISE, refuted
    if _is_kink(point, probe, refuted, rng):
        return Outcome.KINK, refuted
    return (Outcome.NOISE, refuted) if _is_lost_digits(point, probe, refuted, rng) else None


def _is_kink(point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator) -> bool:
    """Whether the claim lies among those at perturbed points, a few of them or many: a sample misses ends of a hull.

    Where all is smooth but terms cancel, claims nearby differ too, by less the nearer they are.
    """
    for draws in (FEW, MANY):
        for ask in (claims_nearby, claims_by_output):
            nearby = ask(point, probe, refuted, rng, draws)
            if nearby is None and ask is claims_nearby:
                return False
            if nearby is not None and nearby.holds(refuted.claim):
                nearer = ask(point, probe, refuted, rng, draws, NEARER) if can_be_nearer(probe.gradients) else None
                return nearer is None or not nearby.closes_in(nearer)
    return False


def _is_lost_digits(point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator) -> bool:
    """Whether the gap is the rounding of either side, read off the same op in extended precision.

    Where ``1 + tanh(x)`` has lost its digits the forward is a straight line of the wrong slope, which no smaller step
    and no jitter shows. Either what the outputs lose, here and nearby, explains the gap, or the gap all but goes away.
    """
    extended = point.extended() if point.extended is not None else None
    gradients = None if extended is None else extended.gradients(probe.cotangents, None)
    if extended is None or gradients is None:
        return False
    shares = tuple(contribution(g, v) for g, v in zip(gradients, refuted.tangents, strict=True))
    lost = abs(math.fsum(shares) - refuted.claim)
    noise = max(
        _loss(point, extended, probe, refuted.tangents, step) for step in (0.0, *rng.uniform(-_NEARBY, _NEARBY, 4))
    )
    if refuted.widened(noise, lost).agrees:
        return True
    direction = replace(refuted.direction, shares=shares)
    left = judge(extended, Probe(probe.cotangents, gradients), direction)
    return bool(within(left.gap, left.tolerance + refuted.gap / GOES_AWAY))


def _is_below(probe: Probe, refuted: Judgement) -> bool:
    """Whether claim and measurement are both less than the rounding of the cotangent that a gradient is made of.

    Of ``x - tanh(x)`` at 1e-9 the forward has lost all digits, and of ``u - u (1 - y**2)`` so has the backward.
    """
    given = max((float(np.abs(u).max(initial=0.0)) for u in probe.cotangents), default=0.0)
    least = [
        spacing(g.dtype) * float(np.abs(v).sum(dtype=np.float64))
        for g, v in zip(probe.gradients, refuted.tangents, strict=True)
        if g is not None and v is not None
    ]
    return bool(within(max(abs(refuted.claim), abs(refuted.estimate.value)), _BELOW * given * math.fsum(least)))


def _is_underflow(probe: Probe, refuted: Judgement) -> bool:
    """Whether the gap is less than the smallest numbers of the gradients' dtype."""
    sizes = [
        tiniest(g.dtype) * float(np.abs(v).sum(dtype=np.float64))
        for g, v in zip(probe.gradients, refuted.tangents, strict=True)
        if g is not None and v is not None
    ]
    return bool(within(refuted.gap, ESTIMATE_FACTOR * math.fsum(sizes)))


def _is_shadowed(point: Point, probe: Probe, refuted: Judgement, rng: np.random.Generator) -> bool:
    """Whether the gap is rounding, read off the same op in float32, whose rounding is 2**29 times as large.

    So shows what large terms cancel to zero, or absorb a small one, where moving last bits shows nothing.
    """
    noise = rounding_in_float32(point, probe, rng)
    if noise is None:
        return False
    forward = math.fsum(float(np.sum(np.abs(u) * n)) for u, n in zip(probe.cotangents, noise.outputs, strict=True))
    backward = math.fsum(
        float(np.sum(np.abs(v) * n))
        for v, n in zip(refuted.tangents, noise.gradients, strict=True)
        if v is not None and n is not None
    )
    return refuted.widened(forward, backward).agrees


def _loss(point: Point, extended: Point, probe: Probe, tangents: Tangents, step: float) -> float:
    """How far ``phi`` may be off for rounding alone, a step along the line."""
    moved = [x if v is None else np.asarray(x + step * v) for x, v in zip(point.inputs, tangents, strict=True)]
    wide = [x.astype(like.dtype) for x, like in zip(moved, extended.inputs, strict=True)]
    outputs, better = point.forward(moved), extended.forward(wide)
    if outputs is None or better is None:
        return 0.0
    found = math.fsum(
        float(np.sum(np.abs(u * (y - w).astype(np.float64))))
        for u, y, w in zip(probe.cotangents, outputs, better, strict=True)
    )
    return found if math.isfinite(found) else 0.0
