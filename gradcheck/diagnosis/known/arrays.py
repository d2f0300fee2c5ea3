"""Known arrays that may stand where another should: inputs, outputs, what is kept, and what comes of labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis.sample import Labels, Sample
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

Read = tuple[Array, Labels]


@dataclass(frozen=True)
class Feature:
    """Where to find an array in any example of the case."""

    words: str
    place: int
    output: bool

    def read(self, sample: Sample) -> Read | None:
        """The array in float64 with the names of its axes; None for a complex or an absent one."""
        arrays = sample.outputs if self.output else sample.inputs
        if self.place >= len(arrays) or arrays[self.place].dtype.kind == "c":
            return None
        labels = sample.output_labels(self.place) if self.output else sample.labels(self.place)
        return np.asarray(arrays[self.place], np.float64), labels


@dataclass(frozen=True)
class Kept:
    """An array that the backward keeps, by its name; its axes are told by their sizes."""

    words: str
    labels: Labels

    @property
    def output(self) -> bool:
        """It is no input: a claim about one of those is preferred."""
        return True

    def read(self, sample: Sample) -> Read | None:
        """The array in float64; None where it is absent, or has other axes than where it was found."""
        array = sample.kept.get(self.words)
        if array is None or array.ndim != len(self.labels):
            return None
        labels = []
        for label, size in zip(self.labels, array.shape, strict=True):
            if not label.startswith("#") and sample.sizes.get(label) != size:
                return None
            labels.append(f"#{size}" if label.startswith("#") else label)
        return np.asarray(array, np.float64), tuple(labels)


@dataclass(frozen=True)
class Share:
    """An output over an input of its shape: what an input is multiplied by, where the output is such a product."""

    words: str
    place: int
    below: int
    output: bool = True

    def read(self, sample: Sample) -> Read | None:
        """The quotient in float64 with the names of its axes."""
        y, x = sample.outputs[self.place], sample.inputs[self.below]
        if y.shape != x.shape or y.dtype.kind != "f" or x.dtype.kind != "f":
            return None
        with np.errstate(all="ignore"):
            return np.asarray(y, np.float64) / x, sample.labels(self.below)


def shares(sample: Sample) -> Iterator[Share]:
    """Each output over each input of its shape."""
    for place, name in enumerate(sample.output_names):
        for below, x in enumerate(sample.names):
            if sample.outputs[place].shape == sample.inputs[below].shape and sample.inputs[below].dtype.kind == "f":
                yield Share(f"{name}/{x}", place, below)


def features(sample: Sample) -> Iterator[Feature | Kept]:
    """Every real input and output, and what else the backward keeps."""
    for place, name in enumerate(sample.names):
        yield Feature(name, place, output=False)
    for place, name in enumerate(sample.output_names):
        yield Feature(name, place, output=True)
    given = (*sample.inputs, *sample.outputs)
    for name, array in sample.kept.items():
        if any(array.shape == other.shape and np.array_equal(array, other) for other in given):
            continue
        labels = labels_by_size(array.shape, sample.sizes)
        if labels is not None:
            yield Kept(name, labels)


def labels_by_size(shape: tuple[int, ...], sizes: Mapping[str, int]) -> Labels | None:
    """The axes of an array that no signature describes, by the sizes that they have; None where two names fit."""
    found = []
    for size in shape:
        names = [name for name, value in sizes.items() if value == size]
        if size > 1 and len(names) > 1:
            return None
        found.append(names[0] if names and size > 1 else f"#{size}")
    return tuple(found)


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


def softmaxes(view: View) -> Iterator[Softmax]:
    """The softmax of the argument along each of its axes."""
    feature = Feature(view.name, view.position, output=False)
    for axis in range(view.array.ndim):
        if view.array.shape[axis] > 1 and view.array.dtype.kind == "f":
            yield Softmax(feature, axis)


def one_hot(view: View) -> Iterator[OneHot]:
    """Every integer input that names a place along one axis of the argument."""
    for place, array in enumerate(view.sample.inputs):
        labels = view.sample.labels(place)
        left = [axis for axis, label in enumerate(view.labels) if label not in labels]
        fits = array.dtype.kind in "iu" and len(left) == 1 and len(labels) + 1 == view.array.ndim
        if fits and tuple(label for axis, label in enumerate(view.labels) if axis != left[0]) == labels:
            yield OneHot(place, f"onehot({view.sample.names[place]})", view.labels, left[0])
