"""How many digits a function keeps, measured on its values alone: of a forward, or of a backward.

What computes in float32, bfloat16 or float16 inside is a staircase at the scale of that dtype's spacing, whatever the
dtype of its result. Read along irregular steps, entry by entry: noise that stays as the scale falls. At a zero or a
saturated value nothing moves, and next to 0 all is absorbed: so it is read at a generic place of size 1, or of the
size of the inputs where that is outside the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .fit import irregular_steps, side_noise, standing_noise
from .limits import GENERIC, SCALES
from .tolerance import Array

_UNIFORM = 12**0.5  # a rounding is spread evenly over a spacing, of which this is the part that its deviation makes

Values = Callable[[Sequence[Array]], Sequence[Array | None] | None]


def kept_digits(values: Values, inputs: Sequence[Array], rng: np.random.Generator) -> tuple[float, ...] | None:
    """The relative spacing of each array of the values at a generic place; None where the function does not answer."""
    there = measured_digits(values, generic(units(inputs), rng), rng)
    return there or measured_digits(values, generic(inputs, rng), rng)


def units(inputs: Sequence[Array]) -> list[Array]:
    """Every floating entry of size 1, with its sign or phase."""
    return [np.where(x == 0, 1, np.sign(x)).astype(x.dtype) if x.dtype.kind in "fc" else x for x in inputs]


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


def measured_digits(values: Values, inputs: Sequence[Array], rng: np.random.Generator) -> tuple[float, ...] | None:
    """The relative spacing of each array of the values around one place; None where one is not finite, or missing."""
    moves = [x * rng.uniform(0.5, 1.0, x.shape) * rng.choice([-1.0, 1.0], x.shape) for x in inputs]
    rows: list[list[Sequence[Array | None]]] = []
    steps = [irregular_steps(rng) for _ in SCALES]
    for scale, irregular in zip(SCALES, steps, strict=True):
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
    noise = [_noise_of(number, rows, steps) for number in range(len(rows[0][0]))]
    largest = [_largest(number, rows) for number in range(len(noise))]
    return tuple(
        0.0 if n is None or not size else _UNIFORM * float(n.max(initial=0.0)) / size
        for n, size in zip(noise, largest, strict=True)
    )


def _noise_of(number: int, rows: Sequence[Sequence[Sequence[Array | None]]], steps: Sequence[Array]) -> Array | None:
    """The standing noise of one array of the values; entries that are not finite have none."""
    first = rows[0][0][number]
    if first is None:
        return None
    noises = []
    for at_scale, irregular in zip(rows, steps, strict=True):
        stack = np.array([np.ravel(np.asarray(row[number])) for row in at_scale])
        parts = [side_noise(irregular, part) for part in _reals(stack)]
        noises.append(np.nan_to_num(np.max(parts, axis=0), nan=0.0, posinf=0.0))
    return standing_noise(noises).reshape(first.shape)


def _largest(number: int, rows: Sequence[Sequence[Sequence[Array | None]]]) -> float:
    value = rows[0][0][number]
    return 0.0 if value is None else float(np.abs(value).max(initial=0.0))


def _reals(stack: Array) -> tuple[Array, ...]:
    return (stack.real, stack.imag) if stack.dtype.kind == "c" else (stack,)
