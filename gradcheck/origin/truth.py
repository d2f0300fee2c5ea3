"""What finite differences say of the gradient with respect to a value that the forward computes on its way."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gradcheck.numerics import (
    LADDER,
    SEEN,
    Direction,
    Estimate,
    Judgement,
    Line,
    Outcome,
    Point,
    Probe,
    as_native,
    as_real,
    contest,
    draw_direction,
    within,
)
from gradcheck.numerics.limits import GOES_AWAY
from gradcheck.numerics.projection import relative_spacing
from gradcheck.numerics.real import reals
from gradcheck.numerics.tangent import contribution
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_vjp
from gradcheck.protocol.dtypes import as_numbers

from .history import Place
from .limits import DIRECTIONS, ENTRY_BY_ENTRY
from .names import plain
from .rerun import Rerun


@dataclass(frozen=True)
class Slope:
    """How fast the cost moves along one tangent of a value, with its error."""

    tangent: Array
    estimate: Estimate
    relative: float
    carried: float

    def judged(self, gradient: Array) -> Judgement:
        """A gradient against it."""
        claim = contribution(gradient, self.tangent)
        size = contribution(np.abs(gradient), np.abs(self.tangent))
        direction = Direction((self.tangent,), (size,), (size,), (1.0,))
        return Judgement(direction, claim, size, self.relative, self.carried, self.estimate)


@dataclass(frozen=True)
class Truth:
    """A whole gradient as finite differences have it, and how far its entries may be off, in parts of the largest."""

    gradient: Array
    error: float


@dataclass
class Site:
    """A value of the forward that can be moved: an input of the op (``argument``), or what stands in a place.

    Slopes are measured once, along directions that know nothing of any gradient, and every gradient is held against
    them; what they refute is contested as `gradcheck.laws.gc301_derivative` would.
    """

    rerun: Rerun
    name: str
    array: Array
    place: Place | None = None
    argument: int | None = None
    _slopes: list[Slope] = field(default_factory=list)

    @cached_property
    def called(self) -> frozenset[str]:
        """What it goes by, in plain spelling."""
        return called_by(self.name)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the value."""
        return self.array.shape

    def slope(self, number: int = 0) -> Slope:
        """The slope along one of a few directions."""
        while len(self._slopes) <= number:
            start = as_real(self.array)
            direction = draw_direction(self.rerun.rng, (start,), (np.zeros_like(start),))
            line = Line(self.point, reals(self.rerun.cotangents), direction.tangents)
            noise = line.output_noise
            relative = relative_spacing(self.point, direction.tangents)
            estimate = LADDER.climb(line.change, noise, relative)
            tangent = direction.tangents[0]
            assert tangent is not None
            self._slopes.append(Slope(tangent, estimate, relative, noise))
        return self._slopes[number]

    def fits(self, gradient: Array) -> bool:
        """Whether a gradient has the form of the value: its shape, and complex numbers only of a complex one."""
        complex_ones = [array.dtype.kind == "c" for array in (gradient, self.array)]
        return gradient.shape == self.shape and complex_ones[0] == complex_ones[1]

    def meets(self, gradient: Array) -> bool:
        """Whether a gradient is borne out, and another would not have been."""
        if not self.fits(gradient):
            return False
        gradient = _floating(gradient)
        return self._meets(gradient, 0) and self._meets(gradient, 1)

    def _meets(self, gradient: Array, number: int) -> bool:
        judged = self.slope(number).judged(as_real(gradient))
        tolerance = judged.tolerance + self.rerun.slack * judged.size
        return bool(within(judged.gap, tolerance) and within(tolerance, SEEN * judged.size))

    def refutes(self, gradient: Array, place: Place | None) -> bool:
        """Whether a gradient is wrong here and survives every doubt; ``place`` is where the backward computes it."""
        if not self.fits(gradient):
            return False
        gradient = _floating(gradient)
        if self.rerun.mended:  # what was put in place is right for this cotangent only, so that no other can be asked
            judged = [self.slope(number).judged(as_real(gradient)) for number in range(2)]
            return not any(within(j.gap, GOES_AWAY * (j.tolerance + self.rerun.slack * j.size)) for j in judged)
        probe = Probe(reals(self.rerun.cotangents), (as_real(gradient),))
        found = contest(self.point_of(place), probe, self.rerun.rng, only=(0,))
        return found.outcome is Outcome.WRONG

    def factor(self, gradient: Array) -> float | None:
        """The number that a gradient is the truth multiplied by; None where there is no such number."""
        if not self.fits(gradient):
            return None
        gradient = _floating(gradient)
        ratios = []
        for number in range(DIRECTIONS):
            slope = self.slope(number)
            judged = slope.judged(as_real(gradient))
            if not slope.estimate.value or not within(judged.tolerance, SEEN * abs(slope.estimate.value)):
                return None
            ratios.append(judged.claim / slope.estimate.value)
        return ratios[0] if within(max(ratios) - min(ratios), SEEN * abs(ratios[0])) else None

    @cached_property
    def truth(self) -> Truth | None:
        """The gradient itself, entry by entry; None where there are too many, or some cannot be told."""
        start = as_real(self.array)
        if start.size > ENTRY_BY_ENTRY:
            return None
        found, errors = np.zeros(start.size), np.zeros(start.size)
        for entry in range(start.size):
            chosen = np.array([entry])
            direction = draw_direction(self.rerun.rng, (start,), (np.zeros_like(start),), only=(0,), chosen=chosen)
            line = Line(self.point, reals(self.rerun.cotangents), direction.tangents)
            estimate = LADDER.climb(line.change, line.output_noise, relative_spacing(self.point, direction.tangents))
            tangent = direction.tangents[0]
            step = 0.0 if tangent is None else float(tangent.reshape(-1)[entry])
            if not (math.isfinite(estimate.value) and math.isfinite(estimate.error) and step):
                return None
            found[entry], errors[entry] = estimate.value / step, abs(estimate.error / step)
        gradient = np.asarray(as_native(found.reshape(start.shape), self.array.dtype))
        largest = float(np.abs(found).max(initial=0.0))
        return Truth(gradient, float(errors.max(initial=0.0)) / largest if largest else 0.0)

    @cached_property
    def point(self) -> Point:
        """The value as the only input there is."""
        return self.point_of(None)

    def point_of(self, place: Place | None) -> Point:
        """The same with the gradient that the backward computes in a place."""

        def gradients(cotangents: Sequence[Array], inputs: Sequence[Array] | None) -> tuple[Array | None, ...] | None:
            return self._gradients(cotangents, inputs, place)

        return Point((as_real(self.array),), reals(self.rerun.outputs), self._forward, gradients)

    def _moved(self, arrays: Sequence[Array]) -> Array:
        return np.asarray(as_native(arrays[0], self.array.dtype))

    def _forward(self, arrays: Sequence[Array]) -> tuple[Array, ...] | None:
        if self.place is not None:
            return self.rerun.forward({self.place: self._moved(arrays)})
        return self._of_inputs(arrays)

    def _of_inputs(self, arrays: Sequence[Array]) -> tuple[Array, ...] | None:
        assert self.argument is not None
        inputs = list(self.rerun.inputs)
        inputs[self.argument] = self._moved(arrays)
        outputs = self.rerun.trial.outputs_of(self.rerun.call(inputs))
        return None if outputs is None else reals(tuple(map(np.array, outputs)))

    def _gradients(
        self, cotangents: Sequence[Array], inputs: Sequence[Array] | None, place: Place | None
    ) -> tuple[Array | None, ...] | None:
        native = [as_native(u, y.dtype) for u, y in zip(cotangents, self.rerun.outputs, strict=True)]
        if place is None:
            return self._gradients_of_inputs(native, inputs)
        values: Mapping[Place, Any] = {} if inputs is None or self.place is None else {self.place: self._moved(inputs)}
        _, read = self.rerun.backward(native, values, (place,))
        found = read.get(place)
        if found is not None and place not in (self.rerun.moving or ()) and len(native) == 1 == native[0].size:
            found = found * native[0].reshape(())[()]  # it never sees the cotangent: what follows multiplies by it
        return None if found is None or found.shape != self.shape else (as_real(_floating(found)),)

    def _gradients_of_inputs(
        self, cotangents: Sequence[Array], inputs: Sequence[Array] | None
    ) -> tuple[Array | None, ...] | None:
        assert self.argument is not None
        given = list(self.rerun.inputs)
        if inputs is not None:
            given[self.argument] = self._moved(inputs)
        answer = self.rerun.call(given)
        leaves = None
        if not isinstance(answer, Failure):
            leaves = self.rerun.leaves(call_vjp(answer.vjp, answer.pack(list(cotangents))))
        found = None if leaves is None else leaves[self.argument]
        numbers = None if found is None else as_numbers(found)
        return None if numbers is None or numbers.shape != self.shape else (as_real(_floating(numbers)),)


def _floating(gradient: Array) -> Array:
    """A gradient of integers as one of floats: its dtype is the business of a law."""
    return gradient if gradient.dtype.kind in "fc" else gradient.astype(np.float64)


def called_by(name: str) -> frozenset[str]:
    """What goes by a name, in plain spelling: ``params['W1']`` by its key too."""
    key = re.search(r"\['?(\w+)'?\]$|\.(\w+)$", name)
    return frozenset(plain(part) for part in (name, *(key.groups() if key else ())) if part)
