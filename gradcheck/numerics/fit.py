"""The slope at irregular steps of one scale, with the error that is left beside a smooth fit.

Steps that are powers of two share structure with a forward that rounds: where ``1 - p`` has lost digits, where an
intermediate is in float32, a staircase looks flat or regular to them, and its false slope is stable. At irregular steps
the stairs are what no polynomial fits. Source of the idea: J. J. Moré and S. M. Wild, "Estimating computational noise"
(2011), section 2, with least squares instead of differences, which need equal steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .limits import CLOSES_IN, DEGREE, HALVINGS, NEAREST, SCALE_RATIO, SIDE_DEGREE, SIDE_STEPS
from .tolerance import Array, within

Sides = tuple[Array, Array, list[Array]]

_STAYS = SCALE_RATIO**-0.5  # half way between the two


@dataclass(frozen=True)
class Fit:
    """What steps of about one ``scale`` say: the slope, how far it can be off, and the noise in ``phi`` beside it.

    ``error`` holds for residuals of any shape: it is ``sum |w|`` times the largest, for the weights ``w`` by which the
    fit reads the slope. ``noise`` is that of `side_noise`.
    """

    scale: float
    slope: float
    error: float
    noise: float
    weight: float

    @property
    def left(self) -> float:
        """The largest residual beside one polynomial for both sides, by which the slope may be off."""
        return self.error * self.scale / self.weight

    def error_under(self, noise: float) -> float:
        """The error where ``phi`` has at least this noise."""
        return max(self.error, self.weight * noise / self.scale)


def fit_at(change: Callable[[float], float], scale: float, rng: np.random.Generator) -> Fit | None:
    """Fit ``change`` at irregular steps up to ``scale``; None where it is not finite at one of them."""
    steps = irregular_steps(rng)
    values = np.array([change(float(scale * step)) for step in steps])
    if not np.isfinite(values).all():
        return None
    powers = np.vander(steps, DEGREE + 1, increasing=True)
    reading = np.linalg.pinv(powers)  # of which each row reads one coefficient
    residual = values - powers @ (reading @ values)
    slope, weight = float(reading[1] @ values), float(np.abs(reading[1]).sum())
    left = float(np.abs(residual).max()) * steps.size / (steps.size - DEGREE - 1)
    return Fit(scale, slope / scale, weight * left / scale, float(side_noise(steps, values)), weight)


def jumps_by(
    change: Callable[[float], float], scale: float, noise: float, rng: np.random.Generator, *, down_to: float = math.inf
) -> bool:
    """Whether noise at this scale is made of jumps: two steps between which ``change`` differs however near they are.

    An oscillation leaves as much beside a fit as a staircase does; between ever nearer steps it closes in, at the
    latest at a fraction of the scale ``down_to`` which it is known to be smooth at.
    """
    steps = sorted(float(scale * step) for step in irregular_steps(rng))
    known = [(step, change(step)) for step in steps]
    (low, left), (high, right) = max(pairwise(known), key=lambda pair: abs(pair[1][1] - pair[0][1]))
    further = max(0, math.ceil(math.log2(scale / down_to))) if down_to < math.inf else 0
    return not within(_left_of(change, (low, left), (high, right), HALVINGS + further), CLOSES_IN * noise)


def second_jump(change: Callable[[float], float], scale: float, noise: float, rng: np.random.Generator) -> float:
    """The height of a jump that is not the only one at this scale, beside the polynomial that fits best; 0 without any.

    The largest difference between neighbouring steps is left out: it is that of the only jump, where there is one.
    """
    steps = irregular_steps(rng)
    values = np.array([change(float(scale * step)) for step in steps])
    if not np.isfinite(values).all():
        return 0.0
    powers = np.vander(steps, DEGREE + 1, increasing=True)
    coefficients = np.linalg.pinv(powers) @ values
    smooth = np.polynomial.Polynomial(coefficients)
    residual = values - powers @ coefficients
    known = sorted((float(scale * step), float(left)) for step, left in zip(steps, residual, strict=True))
    *others, _ = sorted(pairwise(known), key=lambda pair: abs(pair[1][1] - pair[0][1]))

    def beside(step: float) -> float:
        return change(step) - float(smooth(step / scale))

    heights = (_left_of(beside, low, high, HALVINGS) for low, high in reversed(others))
    return next((height for height in heights if not within(height, CLOSES_IN * noise)), 0.0)


def _left_of(
    change: Callable[[float], float], below: tuple[float, float], above: tuple[float, float], halvings: int
) -> float:
    """What is left of the difference between two steps when they close in on where it is made."""
    (low, left), (high, right) = below, above
    for _ in range(halvings):
        middle = low + (high - low) / 2
        value = change(middle)
        if within(abs(value - left), abs(right - value)):
            low, left = middle, value
        else:
            high, right = middle, value
    return abs(right - left)


def irregular_steps(rng: np.random.Generator) -> Array:
    """Steps between -1 and 1, one at a random place in each of as many equal parts of either side."""
    sides = (np.arange(SIDE_STEPS) + rng.random((2, SIDE_STEPS))) / SIDE_STEPS
    return np.asarray((NEAREST + (1 - NEAREST) * sides) * np.array([[1.0], [-1.0]])).reshape(-1)


def side_noise(steps: Array, values: Array, sides: Sides | None = None) -> Array:
    """What is left of values, one row a step, beside fits of either side by itself: a root mean square per column.

    By itself, so that a kink or a jump at the very point is no noise. ``sides`` are `sides_of` these steps, for whoever
    has more than one array of values.
    """
    powers, readings, places = sides_of(steps) if sides is None else sides
    left = [
        values[place] - power @ (reading @ values[place])
        for power, reading, place in zip(powers, readings, places, strict=True)
    ]
    freedom = steps.size - 2 * (SIDE_DEGREE + 1)
    return np.asarray(np.sqrt(sum(np.square(part).sum(axis=0) for part in left) / freedom))


def sides_of(steps: Array) -> Sides:
    """The powers of the steps above and below 0, their pseudo-inverses, and which rows are theirs."""
    places = [steps > 0, steps < 0]
    powers = np.array([np.vander(steps[place], SIDE_DEGREE + 1, increasing=True) for place in places])
    return powers, np.linalg.pinv(powers), places


def standing_noise(noises: Sequence[Array]) -> Array:
    """Of the noise at falling scales, the largest that stays from one to the next.

    What is left beside a bend or a curve falls at least like the step.
    """
    stays = [
        np.where(within(_STAYS * large, small), np.minimum(large, small), 0.0) for large, small in pairwise(noises)
    ]
    return np.max(stays, axis=0) if stays else np.zeros(np.shape(noises[0]))


def standing_noise_of(fits: Sequence[Fit]) -> float:
    """The same of fits, the largest scale first."""
    found = float(standing_noise([np.asarray(fit.noise) for fit in fits]))
    return found if math.isfinite(found) else math.inf
