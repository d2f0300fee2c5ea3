"""A straight line through the inputs, and the one number that the outputs give along it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .tolerance import Array, spacing

Arrays = Sequence[Array]
Tangents = Sequence[Array | None]


@dataclass(frozen=True)
class Point:
    """Where a gradient is judged, and the two functions that are judged against each other.

    ``forward(inputs)`` gives the outputs, or None where the op raises or changes the shape of its answer.
    ``gradients(cotangents, inputs)`` gives one gradient per input (None where there is none), or None where the
    backward fails; with ``inputs`` None it is taken at the point itself. ``wide_gradients(cotangents)`` is the
    backward run in float64, for inputs that were widened from a narrower dtype.
    """

    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    forward: Callable[[Arrays], tuple[Array, ...] | None]
    gradients: Callable[[Arrays, Arrays | None], tuple[Array | None, ...] | None]
    wide_gradients: Callable[[Arrays], tuple[Array | None, ...] | None] | None = None


class Line:
    """``phi(t) = <u, F(x + t v)>`` for a cotangent ``u`` and a tangent ``v`` (None where an input stays)."""

    def __init__(self, point: Point, cotangents: Arrays, tangents: Tangents) -> None:
        self.point = point
        self.cotangents = [np.asarray(u, np.float64).ravel() for u in cotangents]
        self.tangents = tangents

    def change(self, step: float) -> float:
        """``phi(step) - phi(0)``, differenced output by output before anything is summed; NaN off the domain."""
        moved = [
            x if v is None else np.asarray(x + step * v) for x, v in zip(self.point.inputs, self.tangents, strict=True)
        ]
        outputs = self.point.forward(moved)
        if outputs is None:
            return math.nan
        total = 0.0
        for u, y, start in zip(self.cotangents, outputs, self.point.outputs, strict=True):
            total += float(np.dot(u, (y - start).ravel()))
        return total

    def noise(self, gradients: Sequence[Array | None]) -> float:
        """Rounding error to expect in one ``change``: of the outputs, and of ``x + t v`` itself."""
        total = 0.0
        for u, y in zip(self.cotangents, self.point.outputs, strict=True):
            size = np.abs(y.ravel()) + np.finfo(y.dtype).tiny  # below it the spacing no longer shrinks
            total += spacing(y.dtype) * float(np.dot(np.abs(u), size))
        for x, v, g in zip(self.point.inputs, self.tangents, gradients, strict=True):
            if v is not None and g is not None:
                moved = np.abs(np.where(v != 0, g, 0)).ravel()
                total += spacing(x.dtype) * float(np.dot(moved, np.abs(x.ravel())))
        return total if math.isfinite(total) else math.inf
