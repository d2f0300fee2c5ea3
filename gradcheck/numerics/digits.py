"""How many digits a function keeps, measured on its values alone: of a forward, or of a backward.

What computes in float32, bfloat16 or float16 inside is a staircase at the scale of that dtype's spacing, whatever the
dtype of its result. Read along irregular steps, entry by entry: noise that stays as the scale falls. At a zero or a
saturated value nothing moves, and next to 0 all is absorbed: so it is read at generic places of size 1, or of the
size of the inputs where those are outside the domain. A single entry may stand on one stair at all steps but the
largest, so small inputs are read at several places; and a mean of entries that move to and fro hardly moves, nor does
a softmax of those that move alike, so three in four grow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .fit import Sides, irregular_steps, side_noise, sides_of, standing_noise
from .limits import ENTRIES, GENERIC, GENERIC_PLACES, SCALES
from .tolerance import Array

_UNIFORM = 12**0.5  # a rounding is spread evenly over a spacing, of which this is the part that its deviation makes

_SIGNS = (1.0, 1.0, 1.0, -1.0)

Values = Callable[[Sequence[Array]], Sequence[Array | None] | None]


@dataclass(frozen=True)
class Digits:
    """What was read of each array of the values, as absolute numbers.

    ``spacing`` is that of the numbers that it is computed with, ``size`` its largest entry, ``change`` the most by
    which an entry moves when the inputs move by their own size.
    """

    spacing: tuple[float, ...]
    size: tuple[float, ...]
    change: tuple[float, ...]

    @property
    def of_values(self) -> tuple[float, ...]:
        """Relative to the values; 0 for what is zero everywhere."""
        return _ratios(self.spacing, self.size)

    @property
    def of_changes(self) -> tuple[float, ...]:
        """Relative to what the inputs contribute to the values."""
        return _ratios(self.spacing, self.change)

    def __or__(self, other: Digits) -> Digits:
        """The largest of either: where terms cancel at one place their rounding is still that of the others."""
        return Digits(
            tuple(map(max, self.spacing, other.spacing)),
            tuple(map(max, self.size, other.size)),
            tuple(map(max, self.change, other.change)),
        )


def kept_digits(values: Values, inputs: Sequence[Array], rng: np.random.Generator) -> Digits | None:
    """Read at as many generic places as show some entries of each input; None where the function does not answer."""
    fewest = min((x.size for x in inputs if x.dtype.kind in "fc" and x.size), default=1)
    count = min(-(-ENTRIES // fewest), GENERIC_PLACES)
    ordinary = _read_at([generic(units(inputs, rng), rng) for _ in range(count)], values, rng)
    return ordinary or _read_at([generic(inputs, rng) for _ in range(count)], values, rng)


def units(inputs: Sequence[Array], rng: np.random.Generator | None = None) -> list[Array]:
    """Every floating entry of size 1, with its sign or phase; a zero becomes 1, or with ``rng`` either 1 or -1."""
    return [
        np.where(x == 0, 1 if rng is None else rng.choice([-1, 1], x.shape), np.sign(x)).astype(x.dtype)
        if x.dtype.kind in "fc"
        else x
        for x in inputs
    ]


def generic(inputs: Sequence[Array], rng: np.random.Generator) -> list[Array]:
    """The inputs with each floating entry at its own part of its size; a zero at the typical size of its array."""
    found = []
    for x in inputs:
        if x.dtype.kind not in "fc" or not x.size:
            found.append(x)
            continue
        size = np.abs(x)
        typical = float(np.median(size[size > 0])) if size.any() else 1.0
        found.append(np.asarray(np.where(size > 0, x, typical) * rng.uniform(*GENERIC, x.shape)).astype(x.dtype))
    return found


def _read_at(places: Sequence[Sequence[Array]], values: Values, rng: np.random.Generator) -> Digits | None:
    """The coarsest of all places where the function answers."""
    found: Digits | None = None
    for place in places:
        there = digits_here(values, place, rng)
        if there is not None:
            found = there if found is None else found | there
    return found


def digits_here(
    values: Values, inputs: Sequence[Array], rng: np.random.Generator, scales: Sequence[float] = SCALES
) -> Digits | None:
    """Read around the inputs themselves, where terms may cancel and lose more; None where a value is not finite."""
    moves = [x * rng.uniform(0.5, 1.0, x.shape) * rng.choice(_SIGNS, x.shape) for x in inputs]
    rows: list[list[Sequence[Array | None]]] = []
    steps = [irregular_steps(rng) for _ in scales]
    for scale, irregular in zip(scales, steps, strict=True):
        rows.append([])
        for step in irregular:
            moved = [
                np.asarray(x + scale * step * v).astype(x.dtype) if x.dtype.kind in "fc" else x
                for x, v in zip(inputs, moves, strict=True)
            ]
            found = values(moved)
            if found is None or not all(y is None or np.isfinite(y).all() for y in found):
                return None
            rows[-1].append(found)
    sides = [sides_of(irregular) for irregular in steps]
    read = [
        _of_array([[row[number] for row in at_scale] for at_scale in rows], steps, sides, scales[0])
        for number in range(len(rows[0][0]))
    ]
    spacing, size, change = zip(*read, strict=True) if read else ((), (), ())
    return Digits(spacing, size, change)


def _of_array(
    rows: Sequence[Sequence[Array | None]], steps: Sequence[Array], sides: Sequence[Sides], scale: float
) -> tuple[float, float, float]:
    """Spacing, size and change of one array of the values; zeros where there is none."""
    first = rows[0][0]
    if first is None or not first.size:
        return 0.0, 0.0, 0.0
    widest = np.array([np.ravel(np.asarray(row)) for row in rows[0]])
    size = float(np.abs(widest).max())
    unit = 2.0 ** round(math.log2(size)) if size else 1.0  # what is squared below may be as large as numbers are
    noises = []
    for at_scale, irregular, either in zip(rows, steps, sides, strict=True):
        stack = np.array([np.ravel(np.asarray(row)) for row in at_scale]) / unit
        parts = [side_noise(irregular, part, either) for part in _reals(stack)]
        noises.append(np.nan_to_num(np.max(parts, axis=0), nan=0.0, posinf=0.0))
    change = max(float(np.ptp(part, axis=0).max()) for part in _reals(widest)) / float(np.ptp(scale * steps[0]))
    return unit * _UNIFORM * float(standing_noise(noises).max()), size, change


def _ratios(spacing: Sequence[float], size: Sequence[float]) -> tuple[float, ...]:
    return tuple(s / largest if largest else 0.0 for s, largest in zip(spacing, size, strict=True))


def _reals(stack: Array) -> tuple[Array, ...]:
    return (stack.real, stack.imag) if stack.dtype.kind == "c" else (stack,)
