"""Sets of vectors, along one axis of an array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from ..limits import GAP
from ..numbers import is_whole
from .array_set import Array, ArraySet, Shape


@dataclass(frozen=True)
class _Along(ArraySet):
    """``axis`` is that of the vectors."""

    axis: int = -1

    def __post_init__(self) -> None:
        if not is_whole(self.axis, -(2**31)):
            raise UsageError(f"{type(self).__name__}: axis is {repeated(self.axis)}; it is a whole number")

    def fits(self, shape: Shape) -> bool:
        """With this axis."""
        return self._has_axis(len(shape))

    def refusal(self, core: Sequence[object]) -> str | None:
        """Where there is no such axis."""
        return (
            None if self._has_axis(len(core)) else f"{self.words} along axis {self.axis} need an array with that axis"
        )

    def _has_axis(self, count: int) -> bool:
        return -count <= self.axis < count


@dataclass(frozen=True)
class Simplex(_Along):
    """Positive numbers that sum to 1 along an axis, such as the probabilities of classes.

    A gradient is compared along changes that keep the sum: a constant that is added to it along the axis changes
    nothing. Points on the border, where an entry is 0, are not drawn: a derivative exists to one side only.
    """

    words: ClassVar[str] = "points on the simplex"
    thin: ClassVar[bool] = True
    plants: ClassVar[tuple[str, ...]] = (
        "tie",
        "row of ties",
        "ties",
        "spread",
        "spread to 100",
        "spread to 30",
        "saturated",
    )
    low: ClassVar[float] = 0.0  # type: ignore[misc]

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """Whole numbers over their sum."""
        return self.nearest(rng.integers(1, 10, size=shape).astype(float))

    def fits(self, shape: Shape) -> bool:
        """With at least one entry along the axis."""
        return super().fits(shape) and shape[self.axis] > 0

    def kept(self, planted: Array, before: Array) -> Array:
        """What was planted, over its sum."""
        return self.nearest(planted)

    def misses(self, array: Array) -> float:
        """Infinite where an entry is not positive."""
        return super().misses(array) if (array > 0).all() else np.inf

    def nearest(self, array: Array) -> Array:
        """Over its sum."""
        return np.asarray(array / array.sum(axis=self.axis, keepdims=True)).astype(array.dtype)

    def tangent(self, array: Array, change: Array) -> Array:
        """Without what would change the sum."""
        return np.asarray(change - array * change.sum(axis=self.axis, keepdims=True))

    def along(self, array: Array, gradient: Array) -> Array:
        """Less its mean, weighted by the entries."""
        return np.asarray(gradient - (array * gradient).sum(axis=self.axis, keepdims=True))


@dataclass(frozen=True)
class OneHot(_Along):
    """One 1 among zeros along an axis, as floats: the classes of samples.

    Mostly data (``constants``). Where a gradient is asked, it is that of the op as a function of all arrays: the set
    itself has points only, and no direction.
    """

    words: ClassVar[str] = "one-hot vectors"

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """A random class for each vector."""
        size = shape[self.axis]
        others = np.delete(np.array(shape), self.axis)
        rows = np.eye(size)[rng.integers(size, size=tuple(others))]
        return np.moveaxis(rows, -1, self.axis)

    def fits(self, shape: Shape) -> bool:
        """With at least one entry along the axis."""
        return super().fits(shape) and shape[self.axis] > 0

    def misses(self, array: Array) -> float:
        """Infinite where it is another vector."""
        hot = np.isin(array, (0.0, 1.0)).all() and (array.sum(axis=self.axis) == 1).all()
        return 0.0 if hot else np.inf


@dataclass(frozen=True)
class Sorted(_Along):
    """Numbers in ascending order along an axis, no two equal, between ``low`` and ``high``; small changes keep that."""

    low: float | None = None
    high: float | None = None

    words: ClassVar[str] = "sorted vectors"
    plants: ClassVar[tuple[str, ...]] = (
        "zero",
        "spread",
        "spread to 100",
        "spread to 30",
        "saturated",
        "border",
        "beside",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise UsageError(f"Sorted: `low` is {self.low} and `high` {self.high}; `low` must lie below `high`")

    def draw(self, rng: np.random.Generator, shape: Shape, scale: float, decimals: int, is_complex: bool) -> Array:
        """Sums of random gaps."""
        gaps = rng.integers(1, 6, size=shape).astype(float)
        places = gaps.cumsum(axis=self.axis)
        length = places.take([-1], axis=self.axis) if places.size else places
        if self.low is not None and self.high is not None:
            return np.asarray(self.low + (self.high - self.low) * places / (length + 1))
        if self.low is not None:
            return np.asarray(self.low + GAP * scale * places)
        if self.high is not None:
            return np.asarray(self.high - GAP * scale * (length + 1 - places))
        return np.asarray(GAP * scale * (places - np.floor(length / 2)))

    def kept(self, planted: Array, before: Array) -> Array:
        """Sorted again; as it was before where two would be equal, or out of bounds."""
        found = np.sort(planted, axis=self.axis)
        return found if self.misses(found) == 0 else before

    def misses(self, array: Array) -> float:
        """Infinite where it is not ascending, or out of bounds."""
        inside = (self.low is None or bool((array > self.low).all())) and (
            self.high is None or bool((array < self.high).all())
        )
        return 0.0 if inside and (np.diff(array, axis=self.axis) > 0).all() else np.inf


@dataclass(frozen=True)
class EntryOf(ArraySet):
    """Numbers that stand in another input too, by its name: a pivot, a rank, a threshold among the values.

    They tie with it, which chance never does. Small changes of either are allowed, and they come apart by them: where
    the op has a kink at the tie, its claim must lie between the slopes of both sides, and what those are is seen at
    every second example, where the numbers lie beside an entry.
    """

    of: str

    words: ClassVar[str] = "entries of another input"

    def __post_init__(self) -> None:
        if not isinstance(self.of, str):
            raise UsageError(f"EntryOf: `of` is {repeated(self.of)}; it is the name of an input")
        object.__setattr__(self, "of", str.__str__(self.of))

    def chosen(self, rng: np.random.Generator, shape: Shape, other: Array) -> Array:
        """As many entries of the other array; every other time each moved by a part of what is typical there."""
        if not other.size:
            return np.zeros(shape, other.dtype)
        found = np.asarray(rng.choice(other.reshape(-1), size=shape))
        beside = rng.random() < 1 / 2 and other.dtype.kind == "f"
        typical = float(np.median(np.abs(other))) or 1.0
        signs = rng.choice([-1.0, 1.0], size=shape)
        moved = found + GAP * typical * signs * rng.uniform(1, 2, size=shape)
        return np.asarray(moved if beside else found, other.dtype)
