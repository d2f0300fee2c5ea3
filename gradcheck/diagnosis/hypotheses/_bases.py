"""Known arrays that may be a factor or a term somewhere in a gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.features import Feature, Kept, aligned, features
from gradcheck.diagnosis.sample import Labels, Sample
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

Read = tuple[Array, Labels]


@dataclass(frozen=True)
class Softmax:
    """The softmax of an input along one of its axes: what stands in the gradient of a cross-entropy."""

    of: Feature
    axis: int

    output = True

    @property
    def words(self) -> str:
        """``softmax(logits)``."""
        return f"softmax({self.of.words})"

    def read(self, sample: Sample) -> Read | None:
        """The array with the names of its axes."""
        read = self.of.read(sample)
        if read is None:
            return None
        e = np.exp(read[0] - read[0].max(axis=self.axis, keepdims=True, initial=-np.inf))
        return e / e.sum(axis=self.axis, keepdims=True), read[1]


@dataclass(frozen=True)
class OneHot:
    """1 where an integer input names the place along an axis of the argument, else 0."""

    place: int
    words: str
    labels: Labels
    axis: int

    output = False

    def read(self, sample: Sample) -> Read | None:
        """The array with the names of its axes; None where the indices do not fit."""
        ids, size = sample.inputs[self.place], sample.sizes.get(self.labels[self.axis], 0)
        if not ids.size or ids.min() < 0 or ids.max() >= size:
            return None
        hot = ids[..., None] == np.arange(size)
        return np.moveaxis(hot, -1, self.axis).astype(np.float64), self.labels


Known = Feature | Kept | Softmax | OneHot


@dataclass(frozen=True)
class Base:
    """A known array, or the difference, sum or product (``sign`` 0) of two, along the axes of the first."""

    one: Known
    other: Known | None = None
    sign: float = 0.0

    @property
    def words(self) -> str:
        """``A2`` or ``(A2 - Y)``."""
        if self.other is None:
            return self.one.words
        return f"({self.one.words} {'*' if not self.sign else '-' if self.sign < 0 else '+'} {self.other.words})"

    @property
    def is_product(self) -> bool:
        """Whether two arrays are multiplied."""
        return self.other is not None and not self.sign

    @property
    def picks(self) -> bool:
        """Whether it has something to do with labels: then it is rather a term than a factor."""
        return isinstance(self.one, OneHot) or isinstance(self.other, OneHot)

    @property
    def parts(self) -> frozenset[str]:
        """The names of the arrays that it is made of."""
        return frozenset(known.words for known in (self.one, self.other) if known is not None)

    @property
    def cost(self) -> float:
        """What it adds to the parameters."""
        if self.other is None:
            return costs.OUTPUT if self.one.output else costs.AS_IT_IS
        return costs.DIFFERENCE if self.sign < 0 else costs.SUM

    def read(self, sample: Sample) -> Read | None:
        """The array with the names of its axes."""
        first = self.one.read(sample)
        if first is None or self.other is None:
            return first
        second = self.other.read(sample)
        laid = None if second is None else _along(second, first[1])
        if laid is None:
            return None
        return (first[0] + self.sign * laid if self.sign else first[0] * laid), first[1]


def _along(read: Read, labels: Labels) -> Array | None:
    """An array along the axes of another one; None where it has axes that the other one lacks."""
    array, own = read
    kept = [label for label, size in zip(own, array.shape, strict=True) if size > 1]
    return aligned(array, own, labels, len(labels), inside=False) if set(kept) <= set(labels) else None


def bases(view: View) -> Iterator[Base]:
    """Inputs, outputs, what is kept, what comes of labels and of logits; and what two of them make together."""
    known: list[Known] = list(features(view.sample))
    known += [*_softmaxes(view), *_one_hot(view)]
    yield from _joined(view, known)


def _joined(view: View, known: list[Known]) -> Iterator[Base]:
    arrays: list[tuple[Known, Read]] = []
    for one in known:
        read = one.read(view.sample)
        if read is not None and read[0].size > 1 and not any(_equal(read, other) for _, other in arrays):
            arrays.append((one, read))
    for one, _ in arrays:
        yield Base(one)
    for (one, first), (other, second) in combinations(arrays, 2):
        if first[1] == second[1]:
            yield from (Base(one, other, -1.0), Base(other, one, -1.0), Base(one, other, 1.0), Base(one, other))
        elif first[0].size > second[0].size and _along(second, first[1]) is not None:
            yield from (Base(one, other, -1.0), Base(one, other, 1.0))
        elif second[0].size > first[0].size and _along(first, second[1]) is not None:
            yield from (Base(other, one, -1.0), Base(other, one, 1.0))


def _equal(left: Read, right: Read) -> bool:
    """Whether two arrays are one under two names, to rounding."""
    return left[1] == right[1] and bool(np.allclose(left[0], right[0], rtol=1e-12, atol=0))


def _softmaxes(view: View) -> Iterator[Softmax]:
    feature = Feature(view.name, view.position, output=False)
    for axis in range(view.array.ndim):
        if view.array.shape[axis] > 1 and view.array.dtype.kind == "f":
            yield Softmax(feature, axis)


def _one_hot(view: View) -> Iterator[OneHot]:
    for place, array in enumerate(view.sample.inputs):
        labels = view.sample.labels(place)
        left = [axis for axis, label in enumerate(view.labels) if label not in labels]
        fits = array.dtype.kind in "iu" and len(left) == 1 and len(labels) + 1 == view.array.ndim
        if fits and tuple(label for axis, label in enumerate(view.labels) if axis != left[0]) == labels:
            yield OneHot(place, f"onehot({view.sample.names[place]})", view.labels, left[0])
