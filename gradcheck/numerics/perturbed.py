"""Points beside one at which ties and zeros are broken, near enough for nothing but a kink to make a difference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .limits import CORNERS, FEW
from .line import Point, Tangents
from .tolerance import Array, within


def perturbed(
    point: Point,
    apart: float,
    rng: np.random.Generator,
    tangents: Tangents | None = None,
    draws: int = FEW,
) -> Iterator[list[Array]]:
    """The inputs with ties and zeros broken: by position both ways, all up, all down, and at random, ``draws`` times.

    With ``tangents`` also with the entries that move left where they are, while all others go up, down, or either way.
    """
    arrays = list(point.inputs)

    def ramps() -> list[Array]:
        return [np.linspace(0.5, 1.0, x.size).reshape(x.shape) + 0.1 * n for n, x in enumerate(arrays)]

    def patterns() -> Iterator[list[Array]]:
        for sign, start in ((1, 0), (-1, 2), (-1, 0), (1, -2)):
            yield [start + sign * p for p in ramps()]
        apart_from_others = np.random.default_rng(0)  # so that what is drawn after this stays as it is
        for number in range(draws):
            drawn = [_either_way(rng, x) for x in arrays]
            yield [_of_all_sizes(apart_from_others, p) for p in drawn] if number % 2 else drawn

    sizes = [_size(x) if x.dtype.kind == "f" else None for x in arrays]
    still = [] if tangents is None else [1.0 if v is None else v == 0 for v in tangents]
    for held in (False, True) if still else (False,):
        for pattern in patterns():
            yield [
                x if size is None else np.asarray(x + apart * size * (p * still[n] if held else p)).astype(x.dtype)
                for n, (x, size, p) in enumerate(zip(arrays, sizes, pattern, strict=True))
            ]


def _of_all_sizes(rng: np.random.Generator, moves: Array) -> Array:
    """Some entries move much less than others: at the corners of a hull a few decide (of eigenvalues, the diagonal)."""
    return np.asarray(moves * 2.0 ** -rng.integers(0, CORNERS, moves.shape))


def _either_way(rng: np.random.Generator, array: Array) -> Array:
    """Half of the entries up and half of them down; of an odd number either half may be the larger."""
    signs = rng.choice([-1.0, 1.0]) * rng.permutation(np.where(np.arange(array.size) % 2 == 0, 1.0, -1.0))
    return np.asarray(rng.uniform(0.5, 1.5, array.shape) * signs.reshape(array.shape))


def along_own_gradients(point: Point, apart: float, draws: int) -> Iterator[list[Array]]:
    """The inputs moved along what the backward itself says of its outputs: in their order, against it, and at random.

    Where equal eigenvalues leave it a choice of eigenvectors, no random matrix makes the same one; but one that is made
    of its own makes no other, and in the order of the outputs its gradient is the one at the point.
    """
    rng = np.random.default_rng(0)  # so that what is drawn elsewhere stays as it is
    size = sum(y.size for y in point.outputs)
    order = np.linspace(0.5, 1.0, size)
    for weights in (order, order[::-1], *(rng.uniform(-1.0, 1.0, size) for _ in range(draws))):
        parts = np.split(weights, np.cumsum([y.size for y in point.outputs])[:-1])
        cotangents = [part.reshape(y.shape).astype(y.dtype) for part, y in zip(parts, point.outputs, strict=True)]
        gradients = point.gradients(cotangents, None)
        if gradients is not None and all(g is None or np.isfinite(g).all() for g in gradients):
            yield [_moved(x, g, apart) for x, g in zip(point.inputs, gradients, strict=True)]


def _moved(x: Array, gradient: Array | None, apart: float) -> Array:
    """An input moved along its gradient, by that part of its typical entry at most, and none of them beyond 0."""
    largest = 0.0 if gradient is None else float(np.abs(gradient).max(initial=0.0))
    if gradient is None or largest == 0 or x.dtype.kind != "f":
        return x
    move = apart * _typical(x) * (gradient / largest)
    crosses = (x != 0) & ~within(2 * np.abs(move), np.abs(x))
    return np.asarray(x + np.where(crosses, 0, move)).astype(x.dtype)


def _typical(array: Array) -> float:
    """The typical size of the entries that are not zero."""
    size = np.abs(array)
    return float(np.median(size[size > 0])) if size.any() else 1.0


def _size(array: Array) -> Array:
    """The size of each entry; of zeros the typical size in their array."""
    return np.where(array != 0, np.abs(array), _typical(array))
