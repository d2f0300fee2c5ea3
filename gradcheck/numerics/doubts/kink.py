"""A kink: the claim lies between the one-sided slopes, so it is a subgradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..kink import kink_interval, straight_kink
from ..ladder import is_bent_throughout
from ..limits import BENT_WIDTH, VISIBLE
from ..outcome import Outcome
from ..projection import Judgement
from ..record import Excuse, Record
from ..tolerance import Array, within
from .doubt import Doubt


def examine(record: Record) -> Excuse | None:
    """Right between the one-sided slopes, read under assumed noise or, where they do not show there, measured.

    What changes when a jitter crosses the kink is no rounding.
    """
    seen = at_kink(record.plain) or _at_kinks_of_outputs(record)
    if seen is not None:
        return Excuse(Outcome.KINK, seen)
    if record.interval is None:
        return None
    low, high = record.interval
    slack = record.wide.backward_noise
    if not within(slack, (high - low) * BENT_WIDTH):
        slack = replace(record.wide, backward_noise=0.0).rounding
    return Excuse(Outcome.KINK, record.refuted) if _between(record.refuted, low - slack, high + slack) else None


def at_kink(judgement: Judgement, *, known: bool = False) -> Judgement | None:
    """The comparison with the slopes of the kink between which the claim lies; None where it does not.

    ``known``: that there is one at this very point, and not only near it, is known already.
    """
    rungs, noise = judgement.estimate.rungs, judgement.estimate.noise
    interval = kink_interval(rungs, noise) if known or is_bent_throughout(rungs, noise) else None
    interval = interval or (straight_kink(rungs, noise) if known else None)
    if interval is None:
        return None
    low, high = interval
    inside = _between(judgement, low - judgement.rounding, high + judgement.rounding)
    return replace(judgement, slopes=interval) if inside else None


def _at_kinks_of_outputs(record: Record) -> Judgement | None:
    """The same where each output has its kink: its side may be chosen for each by itself, so the intervals add up.

    The chain rule for generalized gradients is an inclusion: F. H. Clarke, "Optimization and Nonsmooth Analysis"
    (1983), theorem 2.3.9.
    """
    rungs, noise = record.plain.estimate.rungs, record.plain.estimate.noise
    if not is_bent_throughout(rungs, noise):
        return None
    step = rungs[-1].step
    sides = [_slopes(record, way * step) for way in (1.0, -1.0)]
    wider = [_slopes(record, way * 2 * step) for way in (1.0, -1.0)]
    if any(part is None for part in (*sides, *wider)):
        return None
    right, left, *coarser = (part for part in (*sides, *wider) if part is not None)
    curved = max(float(np.abs(a - b).sum()) for a, b in zip((right, left), coarser, strict=True))
    slack = record.plain.rounding + curved + VISIBLE * noise / step
    low, high = float(np.minimum(right, left).sum()), float(np.maximum(right, left).sum())
    inside = _between(record.plain, low - slack, high + slack)
    return replace(record.plain, slopes=(low, high)) if inside else None


def _slopes(record: Record, step: float) -> Array | None:
    """What each output entry adds to the slope on one side."""
    outputs = record.line.outputs(step)
    if outputs is None:
        return None
    parts = zip(record.line.cotangents, outputs, record.point.outputs, strict=True)
    return np.concatenate([u * (y - start).ravel() for u, y, start in parts]) / step


def _between(judgement: Judgement, low: float, high: float) -> bool:
    return bool(within(low, judgement.claim) and within(judgement.claim, high))


DOUBT = Doubt(
    "kink",
    "a kink: the claim lies between the one-sided slopes (a subgradient)",
    "",
    "four forwards, and those of noise and of small steps where none shows at once",
    examine,
)
