"""Whether one-sided choices at a kink can belong to one subgradient.

Entry by entry each of two tied maxima may claim the whole gradient; together they may not. Where one output is convex
(or concave) around the point, its subgradients are exactly the g with ``-F'(-v) <= <g, v> <= F'(v)`` for every
direction v (the other way round where it is concave); F' is the one-sided directional derivative. Source: R. T.
Rockafellar, "Convex Analysis" (1970), section 23. Where it is neither, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .clarke import borne_out_along_own, far_enough
from .limits import DRIFT, HULL_MARGIN, HULL_MOVES, HULL_OUTPUTS, HULL_STEP, MANY
from .line import Line, Point
from .perturbed import perturbed
from .tangent import contribution
from .tolerance import Array, within

Move = tuple[Array | None, ...]


@dataclass(frozen=True)
class Impossible:
    """A direction along which the claim leaves what the one-sided slopes of one output allow."""

    claim: float
    low: float
    high: float
    move: Move


def impossible_together(point: Point, rng: np.random.Generator) -> Impossible | None:
    """Look for an output whose claimed gradient with respect to all inputs is no subgradient."""
    for cotangents in _outputs_at_a_kink(point, rng):
        gradients = point.gradients(cotangents, None)
        if gradients is None:
            continue
        found = _outside(point, cotangents, gradients, rng)
        if found is None or _claimed_nearby(point, cotangents, gradients, found, rng):
            continue
        moves = [_random_move(point, rng) for _ in range(MANY)]
        slopes = _one_sided(point, cotangents, moves)
        sums = _along_gradients(point, cotangents, gradients, rng)
        if _bends_one_way(point, cotangents, moves, slopes, sums):
            return found
    return None


def _claimed_nearby(
    point: Point,
    cotangents: tuple[Array, ...],
    claimed: Move,
    found: Impossible,
    rng: np.random.Generator,
) -> bool:
    """Whether the claim lies among those at perturbed points, where an output only looked convex."""
    claims = []
    for inputs in perturbed(point, far_enough(claimed), rng, draws=MANY):
        gradients = point.gradients(cotangents, inputs)
        if gradients is not None:
            claims.append(math.fsum(contribution(g, v) for g, v in zip(gradients, found.move, strict=True)))
    claims += borne_out_along_own(point, cotangents, claimed, found.move)
    finite = [claim for claim in claims if math.isfinite(claim)]
    if not finite:
        return True
    slack = HULL_MARGIN * (max(finite) - min(finite)) + DRIFT * max(map(abs, finite))
    return bool(within(min(finite) - slack, found.claim) and within(found.claim, max(finite) + slack))


def _outputs_at_a_kink(point: Point, rng: np.random.Generator) -> list[tuple[Array, ...]]:
    """Cotangents that pick one output entry each: those whose one-sided slopes differ most."""
    move = _random_move(point, rng)
    forth, back = (
        point.forward([x if v is None else x + step * v for x, v in zip(point.inputs, move, strict=True)])
        for step in (HULL_STEP, -HULL_STEP)
    )
    if forth is None or back is None:
        return []
    found = []
    for number, (y, a, b) in enumerate(zip(point.outputs, forth, back, strict=True)):
        jumps = np.nan_to_num(np.abs((a - y) + (b - y))).reshape(-1)
        largest = np.abs(a - y).max(initial=0.0)
        for entry in np.argsort(-jumps)[:HULL_OUTPUTS]:
            if not within(jumps[entry], DRIFT * largest):
                picked = [np.zeros_like(other) for other in point.outputs]
                picked[number].reshape(-1)[entry] = 1.0
                found.append((float(jumps[entry]), tuple(picked)))
    return [picked for _, picked in sorted(found, key=lambda pair: -pair[0])[:HULL_OUTPUTS]]


def _outside(
    point: Point, cotangents: tuple[Array, ...], gradients: Move, rng: np.random.Generator
) -> Impossible | None:
    """Compare claims with slopes along random directions and along the claim, if the output is convex or concave."""
    moves = [_random_move(point, rng) for _ in range(HULL_MOVES)]
    moves[0] = tuple(
        None if v is None or g is None else np.where(g != 0, np.copysign(v, g), v)
        for v, g in zip(moves[0], gradients, strict=True)
    )
    moves[1] = tuple(None if v is None else np.abs(v) for v in moves[1])  # what tied entries make together
    slopes = _one_sided(point, cotangents, moves)
    if not _bends_one_way(point, cotangents, moves, slopes):
        return None
    slack = _slack(slopes)
    for move, (there, back) in zip(moves, slopes, strict=True):
        claim = sum(contribution(g, v) for g, v in zip(gradients, move, strict=True))
        low, high = sorted((-back, there))
        if not (within(low - slack, claim) and within(claim, high + slack)):
            return Impossible(claim, low, high, move)
    return None


def _one_sided(point: Point, cotangents: tuple[Array, ...], moves: list[Move]) -> list[tuple[float, float]]:
    """The slope along each move, and along its opposite."""
    return [(_slope(point, cotangents, move), _slope(point, cotangents, _plus(None, move))) for move in moves]


def _bends_one_way(
    point: Point,
    cotangents: tuple[Array, ...],
    moves: list[Move],
    slopes: list[tuple[float, float]],
    sums: Sequence[float] = (),
) -> bool:
    """Whether the output is convex along all moves and between them, or concave along all.

    ``sums`` are further bends, positive where it is convex.
    """
    bends = [there + back for there, back in slopes] + list(sums)
    for (one, (a, _)), (two, (b, _)) in pairwise(zip(moves, slopes, strict=True)):
        bends.append(a + b - _slope(point, cotangents, _plus(one, two)))
    slack = _slack(slopes)
    return bool(np.isfinite(bends).all() and (within(-slack, min(bends)) or within(max(bends), slack)))


def _along_gradients(
    point: Point, cotangents: tuple[Array, ...], claimed: Move, rng: np.random.Generator
) -> list[float]:
    """How the output bends between sums of its gradients nearby, up and down.

    The second largest of many equal numbers, or eigenvalues, bends like the largest along whatever is drawn at random.
    But two of its gradients move it together, and neither does alone.
    """
    nearby = (point.gradients(cotangents, inputs) for inputs in perturbed(point, far_enough(claimed), rng, draws=MANY))
    gradients = [move for found in (claimed, *nearby) if (move := _as_move(point, found)) is not None]
    bends = []
    for way in (1.0, -1.0):
        total: Move | None = None
        slope = 0.0
        for gradient in gradients:
            move = tuple(None if g is None else way * g for g in gradient)
            together = move if total is None else _plus(total, move)
            there = _slope(point, cotangents, together)
            if total is not None:
                bends.append(slope + _slope(point, cotangents, move) - there)
            total, slope = together, there
    return bends


def _as_move(point: Point, gradients: Move | None) -> Move | None:
    """A gradient as a move of the size of the inputs; None where it is none, or zero."""
    if gradients is None:
        return None
    pairs = [(x, g) for x, g in zip(point.inputs, gradients, strict=True) if g is not None and x.dtype.kind == "f"]
    largest = max((float(np.abs(g).max(initial=0.0)) for _, g in pairs), default=0.0)
    size = max((float(np.abs(x).max(initial=0.0)) for x, _ in pairs), default=0.0) or 1.0
    if not 0 < largest < math.inf:
        return None
    return tuple(
        None if g is None or x.dtype.kind != "f" else np.asarray(g * (size / largest)).astype(x.dtype)
        for x, g in zip(point.inputs, gradients, strict=True)
    )


def _slack(slopes: list[tuple[float, float]]) -> float:
    return DRIFT * max(abs(slope) for pair in slopes for slope in pair)


def _slope(point: Point, cotangents: tuple[Array, ...], move: Move) -> float:
    """The slope on the side to which ``move`` points."""
    return Line(point, cotangents, move).change(HULL_STEP) / HULL_STEP


def _random_move(point: Point, rng: np.random.Generator) -> Move:
    """Each entry moves either way by about its size, a zero by the typical size of its array."""
    found: list[Array | None] = []
    for x in point.inputs:
        if x.dtype.kind != "f":
            found.append(None)
            continue
        size = np.abs(x)
        size = np.where(size > 0, size, float(np.median(size[size > 0])) if size.any() else 1.0)
        found.append((size * rng.uniform(0.5, 1.5, x.shape) * rng.choice([-1.0, 1.0], x.shape)).astype(x.dtype))
    return tuple(found)


def _plus(one: Move | None, two: Move) -> Move:
    """The sum of two moves, or the opposite of one."""
    if one is None:
        return tuple(None if v is None else -v for v in two)
    return tuple(None if v is None or w is None else v + w for v, w in zip(one, two, strict=True))
