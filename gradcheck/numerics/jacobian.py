"""Every slope of every output with respect to every entry of one input, each with its own error.

The verdict needs one number along one line; what is wrong with a gradient shows only in all of its entries, and which
outputs they come from. So this is for small examples: two forwards a step and entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .limits import (
    ENTRY_BENT,
    ENTRY_DEPTH,
    ENTRY_ENOUGH,
    ENTRY_LEAST,
    ENTRY_ROUGHLY,
    ENTRY_RUNGS,
    ENTRY_SMALL,
    ENTRY_STAYS,
    ENTRY_VISIBLE,
    FIRST_STEP,
)
from .line import Point
from .tolerance import Array, tiniest, within


@dataclass(frozen=True)
class Jacobian:
    """``value[o, i]``: the slope of output entry ``o`` (all outputs in one row) along input entry ``i``.

    ``error`` is how far each can be off. ``low`` and ``high`` are the one-sided slopes at a kink, and the value itself
    elsewhere. Complex arrays count as real ones, as everywhere in the numerics.
    """

    value: Array
    error: Array
    low: Array
    high: Array

    def pull(self, cotangent: Array) -> Pulled:
        """``cotangent @ value`` with what is known of its error; at kinks the two ends of what it can be."""
        ends = [self.low * cotangent[:, None], self.high * cotangent[:, None]]
        return Pulled(
            cotangent @ self.value,
            np.abs(cotangent) @ self.error,
            np.minimum(*ends).sum(axis=0),
            np.maximum(*ends).sum(axis=0),
        )


@dataclass(frozen=True)
class Pulled:
    """A gradient by finite differences, flat: value, error, and the interval that a kink leaves."""

    value: Array
    error: Array
    low: Array
    high: Array


def jacobian(point: Point, position: int) -> Jacobian | None:
    """Central differences of all outputs at once, extrapolated entry by entry as on the ladder.

    None where the outputs are not finite. Slopes that cannot be had (off the domain) are NaN with an infinite error.
    """
    outputs = flat(point.outputs)
    if not np.isfinite(outputs).all():
        return None
    size = point.inputs[position].size
    columns = [_column(point, position, entry, outputs) for entry in range(size)]
    shape = (outputs.size, size)
    found = (np.array([column[part] for column in columns]).reshape(size, outputs.size).T for part in range(4))
    value, error, low, high = (np.asarray(part).reshape(shape) for part in found)
    return Jacobian(value, error, low, high)


def flat(arrays: Sequence[Array]) -> Array:
    """All arrays in one row of float64."""
    return np.concatenate([np.asarray(a, np.float64).ravel() for a in arrays]) if arrays else np.zeros(0)


def _column(point: Point, position: int, entry: int, outputs: Array) -> tuple[Array, Array, Array, Array]:
    """Value, error and one-sided slopes of every output along one entry."""
    array = point.inputs[position]
    unit = abs(float(array.reshape(-1)[entry])) or _typical(array)
    spacing = max([point.spacing(y) for y in point.outputs], default=0.0)
    value, error = np.full(outputs.size, np.nan), np.full(outputs.size, np.inf)
    above: list[tuple[Array, Array]] = []
    sides: list[tuple[float, Array, Array, Array]] = []
    for number in range(ENTRY_RUNGS):
        step = unit * FIRST_STEP / 2.0**number
        plus, minus = (_change(point, position, entry, way * step, outputs) for way in (1, -1))
        noise = spacing * (np.abs(outputs) + np.abs(plus) + np.abs(minus)) + tiniest(np.float64)
        sides.append((step, plus / step, -minus / step, noise / step))
        row = [((plus - minus) / (2 * step), noise / step)]
        truncations = [np.abs(row[0][0] - above[0][0]) if above else np.full(outputs.size, np.inf)]
        for column in range(1, min(len(above), ENTRY_DEPTH) + 1):
            (left, left_rounding), (corner, corner_rounding) = row[column - 1], above[column - 1]
            weight = 4.0**column
            next_value = left + (left - corner) / (weight - 1)
            row.append((next_value, (weight * left_rounding + corner_rounding) / (weight - 1)))
            truncations.append(np.maximum(np.abs(next_value - left), np.abs(next_value - corner)))
        for (candidate, rounding), truncation in zip(row, truncations, strict=True):
            total = truncation + rounding
            better = total < error
            value, error = np.where(better, candidate, value), np.where(better, total, error)
        above = row
        largest = float(np.abs(np.where(np.isfinite(value), value, 0)).max(initial=0.0))
        if number + 1 >= ENTRY_LEAST and bool(np.all(within(error, 2 * row[0][1] + ENTRY_ENOUGH * largest))):
            break
    low, high = _one_sided(sides, value)
    return value, np.maximum(error, _doubt(point, position, entry, outputs, unit, spacing, value)), low, high


def _doubt(point: Point, position: int, entry: int, outputs: Array, unit: float, spacing: float, value: Array) -> Array:
    """How far the slope at one much smaller step is from the value, beyond the rounding of both sides.

    Large steps see an orderly far field where a function has structure at a smaller scale only.
    """
    step = unit * ENTRY_SMALL
    plus, minus = (_change(point, position, entry, way * step, outputs) for way in (1, -1))
    noise = ENTRY_VISIBLE * spacing * (np.abs(outputs) + np.abs(plus) + np.abs(minus)) / step
    apart = np.abs((plus - minus) / (2 * step) - value)
    agrees = within(apart, noise + ENTRY_ROUGHLY * np.abs(value))
    return np.where(agrees, 0.0, np.nan_to_num(apart, nan=np.inf))


def _change(point: Point, position: int, entry: int, step: float, outputs: Array) -> Array:
    moved = np.array(point.inputs[position])
    moved.reshape(-1)[entry] += step
    inputs = [moved if place == position else x for place, x in enumerate(point.inputs)]
    found = point.forward(inputs)
    return np.full(outputs.size, np.nan) if found is None else flat(found) - outputs


def _one_sided(sides: Sequence[tuple[float, Array, Array, Array]], value: Array) -> tuple[Array, Array]:
    """The slopes on either side where they do not approach each other as the step falls; else the value."""
    if len(sides) < 3:
        return value, value
    (_, right, left, noise), (_, before_right, before_left, _) = sides[-1], sides[-3]
    jump, before = np.abs(right - left), np.abs(before_right - before_left)
    size = np.maximum(np.abs(right), np.abs(left))
    least = np.maximum(ENTRY_VISIBLE * noise, ENTRY_BENT * size)
    bent = within(ENTRY_STAYS * before, jump) & ~within(jump, least)
    low = np.where(bent, np.minimum(right, left), value)
    return low, np.where(bent, np.maximum(right, left), value)


def _typical(array: Array) -> float:
    size = np.abs(array[array != 0])
    return float(np.median(size)) if size.size else 1.0
