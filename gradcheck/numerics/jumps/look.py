"""Whether a forward jumps along one argument, and is level in between: a staircase.

Round, floor, sign and quantisers are, and their derivative is 0 almost everywhere. What is rounded to a narrow float
inside is one too, of smaller steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np

from gradcheck.numerics.jacobian import flat
from gradcheck.numerics.tolerance import Array, within

from .limits import BESIDE, HALVINGS, JUMP, NARROW_STEP, PLACES, POLE, REACH, SUSPECTS

Forward = Callable[[float], Array | None]
Rows: TypeAlias = list[tuple[float, Array]]


def is_staircase(
    forward: Callable[[list[Array]], tuple[Array, ...] | None], inputs: Sequence[Array], position: int
) -> bool:
    """Whether it is level wherever it is looked at and jumps in between, by more than a narrow float explains."""
    array = inputs[position]
    if not array.size or array.dtype.kind != "f":
        return False
    typical = typical_size(array)
    with np.errstate(all="ignore"):  # a step may be far larger than the entries: moves of size 1 meet it
        return any(_climbs(line_along(forward, inputs, position, size)) for size in dict.fromkeys((typical, 1.0)))


def _climbs(along: Forward) -> bool:
    rows = rows_along(along)
    steep = (jump for jump in jumps_of(along, rows) if not within(jump, NARROW_STEP))
    return len(rows) > 1 and is_level(along, rows) and next(steep, None) is not None


def line_along(
    forward: Callable[[list[Array]], tuple[Array, ...] | None],
    inputs: Sequence[Array],
    position: int,
    size: float | None = None,
) -> Forward:
    """The outputs in a row as one argument moves, in units of its typical size; None where they are not finite."""
    array = inputs[position]
    direction = typical_move(array) if size is None else size * typical_move(np.ones_like(array))

    def along(t: float) -> Array | None:
        moved = np.asarray(array + np.asarray(t * direction, array.dtype))
        found = forward([moved if place == position else x for place, x in enumerate(inputs)])
        row = None if found is None else flat(found)
        return row if row is not None and np.isfinite(row).all() else None

    return along


def typical_move(array: Array) -> Array:
    """Entries of both signs, each about as large as the typical entry of the argument."""
    rng = np.random.default_rng(11)
    return np.asarray(typical_size(array) * rng.uniform(0.6, 1.4, array.shape) * rng.choice([-1.0, 1.0], array.shape))


def typical_size(array: Array) -> float:
    """Of the entries that are not zero; 1 where all are."""
    size = np.abs(array[array != 0])
    return float(np.median(size)) if size.size else 1.0


def rows_along(along: Forward) -> Rows:
    """The outputs at irregular places within the reach, where they are finite."""
    places = [REACH * (2 * (number + 0.37 * np.sin(5.0 * number)) / PLACES - 1) for number in range(PLACES + 1)]
    return [(t, row) for t in places if (row := along(t)) is not None]


def is_level(along: Forward, rows: Rows) -> bool:
    """Whether not one bit of the outputs changes right beside any of these places."""
    beside = ((row, along(t + step)) for t, row in rows for step in BESIDE)
    return all(near is None or bool((near == row).all()) for row, near in beside)


def jumps_of(along: Forward, rows: Rows) -> Iterator[float]:
    """Each jump that halving an interval closes in on, relative to the largest output."""
    if len(rows) < 2:
        return
    table = np.array([row for _, row in rows])
    largest = float(np.abs(table).max(initial=0.0))
    change = np.abs(np.diff(table, axis=0))
    size = np.maximum(np.abs(table[:-1]), np.abs(table[1:]))
    relative = change / np.where(size > 0, size, 1)
    suspects = {
        int(flat_index) for rise in (change, relative) for flat_index in np.argsort(-rise, axis=None)[:SUSPECTS]
    }
    for suspect in sorted(suspects):
        place, entry = divmod(suspect, table.shape[1])
        if not change[place, entry]:
            continue
        (a, left), (b, right) = rows[place], rows[place + 1]
        for _ in range(HALVINGS):
            middle = (a + b) / 2
            row = along(middle)
            if row is None or middle in (a, b):
                break
            if abs(row[entry] - left[entry]) >= abs(right[entry] - row[entry]):
                b, right = middle, row
            else:
                a, left = middle, row
        remains = float(abs(right[entry] - left[entry]))
        pole = not bool(within(max(abs(left[entry]), abs(right[entry])), POLE * largest))
        if not pole and not bool(within(remains, JUMP * largest)):
            yield remains / largest
