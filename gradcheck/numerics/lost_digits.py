"""Entries of a narrow gradient that have lost their digits, where the same backward in float64 keeps them.

Beside entries of an ordinary size one that is off by all of itself is not seen along any direction: ``y + 1`` for
``exp(x)`` is 0 in float32 below -17. That is rounding, and no verdict; where the gradient is well conditioned there,
another formula would keep the digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .limits import CONDITIONED, DROWNED, LOST, NORMAL
from .line import Point
from .noise import jittered
from .probe import Probe
from .tolerance import Array, spacing, tiniest, within


@dataclass(frozen=True)
class Lost:
    """One such entry of the gradient of input number ``position``, as claimed and as float64 has it."""

    position: int
    index: tuple[int, ...]
    claimed: float
    wide: float


def lost_digits(point: Point, probe: Probe, rng: np.random.Generator) -> Lost | None:
    """Look for the worst; one backward in float64, and a forward and backward more where there is a suspicion.

    Asked only of gradients that hold entries too small to be seen beside the others.
    """
    if point.wide_gradients is None or not any(map(_drowns, probe.gradients)):
        return None
    wide = point.wide_gradients(probe.cotangents)
    if wide is None or not any(_off(g, w).any() for g, w in zip(probe.gradients, wide, strict=True)):
        return None
    unit = max(spacing(g.dtype) for g in probe.gradients if g is not None)
    moved = [jittered(rng, x, unit) if x.dtype.kind == "f" else x for x in point.inputs]
    nearby = point.wide_gradients(probe.cotangents, moved)
    if nearby is None:
        return None
    for position, (g, w, n) in enumerate(zip(probe.gradients, wide, nearby, strict=True)):
        if g is None or w is None or n is None:
            continue
        gap = np.abs(g - w)
        lost = _off(g, w) & within(np.abs(n - w), CONDITIONED * gap)
        if lost.any():
            index = np.unravel_index(int(np.argmax(np.where(lost, gap / np.abs(w), 0))), w.shape)
            place = tuple(int(i) for i in index)
            return Lost(position, place, float(g[place]), float(w[place]))
    return None


def _drowns(gradient: Array | None) -> bool:
    """Whether some entries are far smaller than the largest one."""
    if gradient is None or not gradient.size:
        return False
    sizes = np.abs(gradient)
    return bool(within(sizes.min(), DROWNED * sizes.max()))


def _off(gradient: Array | None, wide: Array | None) -> Array:
    """Which entries are off by most of themselves, though they are normal numbers of the gradient's dtype."""
    if gradient is None or wide is None:
        return np.zeros(0, bool)
    sizes = np.abs(wide)
    normal = ~within(sizes, NORMAL * tiniest(gradient.dtype)) & np.isfinite(wide)
    return np.asarray(normal & ~within(np.abs(gradient - wide), LOST * sizes))
