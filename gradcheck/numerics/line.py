"""A straight line through the inputs, and the one number that the outputs give along it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.kept import kept

from .blocks import blocks, root
from .limits import SMALL
from .tolerance import Array, spacing, tiniest

Arrays = Sequence[Array]
Tangents = Sequence[Array | None]
Part = tuple[Array, Array, Array]


@dataclass(frozen=True)
class Point:
    """Where a gradient is judged, and the two functions that are judged against each other.

    ``forward(inputs)`` gives the outputs, or None where the op raises or changes the shape of its answer.
    ``gradients(cotangents, inputs)`` gives one gradient per input (None where there is none), or None where the
    backward fails; with ``inputs`` None it is taken at the point itself. ``wide_gradients(cotangents)`` is the
    backward run in float64, there or at other inputs, for inputs that were widened from a narrower dtype. ``coarse``
    is the relative spacing of the outputs where that was found to be coarser than their dtype says. ``extended()`` is
    the same point in extended precision, or None where the op does not work in it. ``shadow(cotangents, inputs)`` gives
    outputs and gradients of the op in float32, or None likewise. ``narrow()`` is the relative spacing of the numbers
    that the op was seen to compute with inside, at a generic place; 0 where it is that of its dtype. ``accuracy`` is
    what the case promises of the gradients, 0 for rounding.
    """

    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    forward: Callable[[Arrays], tuple[Array, ...] | None]
    gradients: Callable[[Arrays, Arrays | None], tuple[Array | None, ...] | None]
    wide_gradients: Callable[..., tuple[Array | None, ...] | None] | None = None
    coarse: float = 0.0
    extended: Callable[[], Point | None] | None = None
    shadow: Callable[[Arrays, Arrays], tuple[tuple[Array, ...], tuple[Array | None, ...]] | None] | None = None
    narrow: Callable[[], float] = lambda: 0.0
    accuracy: float = 0.0

    def spacing(self, array: Array) -> float:
        """The relative spacing of the numbers that the op computes with, for an array of this dtype."""
        return max(spacing(array.dtype), self.coarse)


class Line:
    """``phi(t) = <u, F(x + t v)>`` for a cotangent ``u`` and a tangent ``v`` (None where an input stays)."""

    def __init__(self, point: Point, cotangents: Arrays, tangents: Tangents) -> None:
        self.point = point
        self.cotangents = [np.asarray(u, np.float64).ravel() for u in cotangents]
        self.tangents = tangents
        self.moved: list[Array] = []
        self._parts: list[Part] = []

    def change(self, step: float) -> float:
        """``phi(step) - phi(0)``, differenced output by output before anything is summed; NaN off the domain."""
        outputs = self.outputs(step)
        if outputs is None:
            return math.nan
        total = 0.0
        for u, y, start in zip(self.cotangents, outputs, self.point.outputs, strict=True):
            total += float(np.dot(u, (y - start).ravel()))
        return total

    def outputs(self, step: float) -> tuple[Array, ...] | None:
        """The forward, a step along the line; None where it raises or its outputs change shape."""
        return self.point.forward(self._at(step))

    def _at(self, step: float) -> list[Array]:
        """``x + step v``, written into the same arrays at every call: fresh memory costs more than the sum."""
        if not self.moved:
            self.moved, self._parts = _laid_out_to_move(self.point.inputs, self.tangents)
        for whole, start, tangent in self._parts:
            for moved, x, v in blocks(whole, start, tangent):
                np.multiply(v, step, out=moved)
                np.add(moved, x, out=moved)
        return self.moved

    @kept
    def terms(self) -> list[Array]:
        """``|u y|`` of each output: what ``phi`` is made of at the point."""
        outputs = zip(self.cotangents, self.point.outputs, strict=True)
        return [np.abs(u * (np.abs(y.ravel()) + tiniest(y.dtype))) for u, y in outputs]

    @kept
    def size(self) -> float:
        """``sum |u y|``."""
        return math.fsum(float(np.add.reduce(terms)) for terms in self.terms)

    def noise(self, shares: Sequence[float], factors: Sequence[float]) -> float:
        """Rounding error to expect in one ``change`` at worst: of the outputs, and of ``x + t v`` itself.

        The latter is ``sum |g x|``, about the share of an input over the factor that its tangent was scaled by.
        """
        return _finite(self.output_noise + sum(self._input_errors(shares, factors)))

    def noise_of_what_moves(self, step: float, shares: Sequence[float], factors: Sequence[float]) -> float:
        """The same without the entries of outputs that a step leaves as they are, bit for bit: no error shows in them.

        But what they would have changed by may have been absorbed.
        """
        outputs = self.outputs(step)
        if outputs is None:
            return math.inf
        moved = [(y != start).ravel() for y, start in zip(outputs, self.point.outputs, strict=True)]
        noise = [
            self.point.spacing(y) * float(np.add.reduce(terms[moves]))
            for y, terms, moves in zip(self.point.outputs, self.terms, moved, strict=True)
        ]
        return _finite(sum(noise) + sum(self._input_errors(shares, factors)))

    @kept
    def output_noise(self) -> float:
        """The part of it that comes from the outputs."""
        pairs = zip(self.point.outputs, self.terms, strict=True)
        return sum(self.point.spacing(y) * float(np.add.reduce(terms)) for y, terms in pairs)

    def likely_noise(self, norms: Sequence[float], factors: Sequence[float]) -> float:
        """The same where the rounding errors of different entries are independent of one another.

        They then add up like a random walk, to the root of the sum of their squares. Source: N. J. Higham and T. Mary,
        "A new approach to probabilistic rounding error analysis" (2019).
        """
        sizes = [root(float(np.dot(terms, terms)), float(np.add.reduce(terms))) for terms in self.terms]
        errors = [self.point.spacing(y) * size for y, size in zip(self.point.outputs, sizes, strict=True)]
        return _finite(math.hypot(*errors, *self._input_errors(norms, factors)))

    def _input_errors(self, sizes: Sequence[float], factors: Sequence[float]) -> list[float]:
        moving = zip(self.point.inputs, self.tangents, sizes, factors, strict=True)
        return [spacing(x.dtype) * abs(size) / factor for x, v, size, factor in moving if v is not None]


def _finite(noise: float) -> float:
    """NaN, of outputs that are not finite, counts as noise without bound."""
    return noise if math.isfinite(noise) else math.inf


def _laid_out_to_move(inputs: Arrays, tangents: Tangents) -> tuple[list[Array], list[Part]]:
    """Arrays to write the moved inputs into (inputs that stay are in it themselves), and what to move them by.

    The parts are triples of a moved array, its start and its tangent. Small inputs are views into one part, so that
    a network of many biases moves as fast as one array; each keeps its memory layout, which the op may depend on.
    """
    moved = list(inputs)
    parts: list[Part] = []
    small: dict[np.dtype[Any], list[tuple[int, Array, Array]]] = {}
    for position, (x, v) in enumerate(zip(inputs, tangents, strict=True)):
        if v is not None and x.size <= SMALL and x.flags.c_contiguous:
            small.setdefault(x.dtype, []).append((position, x, v))
        elif v is not None:
            moved[position] = np.empty_like(x)
            parts.append((moved[position], x, v))
    for group in small.values():
        start = np.concatenate([x.reshape(-1) for _, x, _ in group])
        tangent = np.concatenate([v.reshape(-1) for _, _, v in group])
        whole = np.empty_like(start)
        place = 0
        for position, x, _ in group:
            moved[position] = whole[place : place + x.size].reshape(x.shape)
            place += x.size
        parts.append((whole, start, tangent))
    return moved, parts
