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
    return _Columns(point, position, outputs).jacobian()


def flat(arrays: Sequence[Array]) -> Array:
    """All arrays in one row of float64."""
    return np.concatenate([np.asarray(a, np.float64).ravel() for a in arrays]) if arrays else np.zeros(0)


@dataclass(frozen=True)
class _Columns:
    """The columns of a Jacobian, all at once: arrays have a row for each entry of the input that is looked at."""

    point: Point
    position: int
    outputs: Array

    def jacobian(self) -> Jacobian:
        """Value, error and one-sided slopes of every output along every entry, each at as few steps as it needs."""
        units = self._units()
        shape = (units.size, self.outputs.size)
        value, error = np.full(shape, np.nan), np.full(shape, np.inf)
        low, high = value.copy(), value.copy()
        entries = np.arange(units.size)
        above: list[_Three] = []
        sides: list[_Three] = []
        for number in range(ENTRY_RUNGS):
            step = (units[entries] * FIRST_STEP / 2.0**number)[:, None]
            plus, minus, noise = self._either_way(entries, step)
            noise = (noise + tiniest(np.float64)) / step
            sides.append((plus / step, -minus / step, noise))
            above = _extrapolated((plus - minus) / (2 * step), noise, above)
            value[entries], error[entries] = _best(above, value[entries], error[entries])
            done = np.full(entries.size, number + 1 == ENTRY_RUNGS)
            if number + 1 >= ENTRY_LEAST:
                done |= _is_enough(value[entries], error[entries], noise)
            ended, entries = entries[done], entries[~done]
            low[ended], high[ended] = _one_sided([_rows(side, done) for side in sides], value[ended])
            above, sides = [_rows(rung, ~done) for rung in above], [_rows(side, ~done) for side in sides]
            if not entries.size:
                break
        error = np.maximum(error, self._doubt(units, value))
        return Jacobian(value.T, error.T, low.T, high.T)

    def _units(self) -> Array:
        """The size of each entry; of a zero that which is typical of its array."""
        array = self.point.inputs[self.position]
        sizes = np.abs(array.reshape(-1)).astype(np.float64)
        return np.where(sizes > 0, sizes, _typical(array))

    def _either_way(self, entries: Array, step: Array) -> _Three:
        """The changes of the outputs along each entry, up and down, and their rounding."""
        shape = (entries.size, self.outputs.size)
        plus, minus = (
            np.array([self._change(e, way * s) for e, s in zip(entries, step[:, 0].tolist(), strict=True)]).reshape(
                shape
            )
            for way in (1, -1)
        )
        spacing = max([self.point.spacing(y) for y in self.point.outputs], default=0.0)
        return plus, minus, spacing * (np.abs(self.outputs) + np.abs(plus) + np.abs(minus))

    def _change(self, entry: int, step: float) -> Array:
        moved = np.array(self.point.inputs[self.position])
        moved.reshape(-1)[entry] += step
        found = self.point.forward(
            [moved if place == self.position else x for place, x in enumerate(self.point.inputs)]
        )
        return np.full(self.outputs.size, np.nan) if found is None else flat(found) - self.outputs

    def _doubt(self, units: Array, value: Array) -> Array:
        """How far the slope at one much smaller step is from the value, beyond the rounding of both sides.

        Large steps see an orderly far field where a function has structure at a smaller scale only.
        """
        step = (units * ENTRY_SMALL)[:, None]
        plus, minus, noise = self._either_way(np.arange(units.size), step)
        apart = np.abs((plus - minus) / (2 * step) - value)
        agrees = within(apart, ENTRY_VISIBLE * noise / step + ENTRY_ROUGHLY * np.abs(value))
        return np.where(agrees, 0.0, np.nan_to_num(apart, nan=np.inf))


_Three = tuple[Array, Array, Array]


def _rows(arrays: _Three, which: Array) -> _Three:
    one, two, three = arrays
    return one[which], two[which], three[which]


def _extrapolated(slope: Array, rounding: Array, above: Sequence[_Three]) -> list[_Three]:
    """A row of Richardson's scheme below the one above: slopes, their rounding, and how far they may be off beside."""
    row = [(slope, rounding, np.abs(slope - above[0][0]) if above else np.full(slope.shape, np.inf))]
    for column in range(1, min(len(above), ENTRY_DEPTH) + 1):
        (left, left_rounding, _), (corner, corner_rounding, _) = row[column - 1], above[column - 1]
        weight = 4.0**column
        value = left + (left - corner) / (weight - 1)
        truncation = np.maximum(np.abs(value - left), np.abs(value - corner))
        row.append((value, (weight * left_rounding + corner_rounding) / (weight - 1), truncation))
    return row


def _best(row: Sequence[_Three], value: Array, error: Array) -> tuple[Array, Array]:
    """What has the smallest error in all, of what was known and of this row."""
    for candidate, rounding, truncation in row:
        total = truncation + rounding
        better = total < error
        value, error = np.where(better, candidate, value), np.where(better, total, error)
    return value, error


def _is_enough(value: Array, error: Array, rounding: Array) -> Array:
    """Of which entries no smaller step would say more."""
    largest = np.abs(np.where(np.isfinite(value), value, 0)).max(axis=1, initial=0.0, keepdims=True)
    return np.asarray(np.all(within(error, 2 * rounding + ENTRY_ENOUGH * largest), axis=1))


def _one_sided(sides: Sequence[_Three], value: Array) -> tuple[Array, Array]:
    """The slopes on either side where they do not approach each other as the step falls; else the value."""
    if len(sides) < 3:
        return value, value
    (right, left, noise), (before_right, before_left, _) = sides[-1], sides[-3]
    jump, before = np.abs(right - left), np.abs(before_right - before_left)
    size = np.maximum(np.abs(right), np.abs(left))
    least = np.maximum(ENTRY_VISIBLE * noise, ENTRY_BENT * size)
    bent = within(ENTRY_STAYS * before, jump) & ~within(jump, least)
    low = np.where(bent, np.minimum(right, left), value)
    return low, np.where(bent, np.maximum(right, left), value)


def _typical(array: Array) -> float:
    size = np.abs(array[array != 0])
    return float(np.median(size)) if size.size else 1.0
