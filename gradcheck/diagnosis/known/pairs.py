"""One known array, or what two of them make together: what may be a factor or a term somewhere in a gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.limits import SAME_ARRAY
from gradcheck.diagnosis.sample import Labels, Sample
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from .along import aligned
from .arrays import Feature, Kept, OneHot, Read, Softmax, features, one_hot, softmaxes

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
    known += [*softmaxes(view), *one_hot(view)]
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
    if left[1] != right[1] or left[0].shape != right[0].shape:
        return False
    return bool(np.all(within(np.abs(left[0] - right[0]), SAME_ARRAY * np.abs(right[0]))))
