"""Digits that either side has lost, read off the same op in extended precision."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..limits import GOES_AWAY, NEARBY, PLACES
from ..line import Point, Tangents
from ..outcome import Outcome
from ..probe import Probe
from ..projection import judge
from ..record import Excuse, Record
from ..tangent import contribution
from ..tolerance import within
from .doubt import Doubt
from .sizes import is_large


def examine(record: Record) -> Excuse | None:
    """Either what the outputs lose, here and nearby, explains the gap, or in extended precision the gap goes away.

    Where ``1 + tanh(x)`` has lost its digits the forward is a straight line of the wrong slope, which no smaller step
    and no jitter shows.
    """
    point, probe, refuted = record.point, record.probe, record.refuted
    extended = None if is_large(point) or point.extended is None else point.extended()
    gradients = None if extended is None else extended.gradients(probe.cotangents, None)
    if extended is None or gradients is None:
        return None
    shares = tuple(contribution(g, v) for g, v in zip(gradients, refuted.tangents, strict=True))
    lost = abs(math.fsum(shares) - refuted.claim)
    places = (0.0, *record.rng.uniform(-NEARBY, NEARBY, PLACES))
    noise = max(_loss(point, extended, probe, refuted.tangents, step) for step in places)
    if refuted.widened(noise, lost).agrees:
        return Excuse(Outcome.NOISE, refuted)
    left = judge(extended, Probe(probe.cotangents, gradients), replace(refuted.direction, shares=shares))
    goes = within(left.gap, left.tolerance + refuted.gap / GOES_AWAY)
    return Excuse(Outcome.NOISE, refuted) if goes else None


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


DOUBT = Doubt(
    "lost digits",
    "digits are lost that the same op in extended precision keeps",
    "write the forward so that it does not cancel (log1p, expm1, a sum of squares)",
    "those of a ladder",
    examine,
)
