"""Known arrays that may stand where another should: inputs and outputs, and simple functions of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gradcheck.numerics.tolerance import Array

from .sample import Labels, Sample
from .view import View


@dataclass(frozen=True)
class Form:
    """An elementwise function with its text; ``hint`` names what it is the derivative of."""

    words: str
    apply: Callable[[Array], Array]
    cost: float = 0.5
    hint: str = ""


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


FORMS = (
    Form("{}", lambda x: x, 0.0),
    Form("{}**2", lambda x: x * x),
    Form("abs({})", np.abs),
    Form("sign({})", np.sign),
    Form("sqrt({})", np.sqrt),
    Form("1 - {}", lambda x: 1 - x, 0.25),
    Form("1 + {}", lambda x: 1 + x),
    Form("1 - {}**2", lambda x: 1 - x * x, 0.25, "the derivative of tanh, from its value"),
    Form("1 + {}**2", lambda x: 1 + x * x),
    Form("{0} * (1 - {0})", lambda x: x * (1 - x), 0.25, "the derivative of the sigmoid, from its value"),
    Form("({} > 0)", lambda x: np.asarray(x > 0, float), 0.25, "the derivative of ReLU"),
    Form("exp({})", np.exp),
    Form("log({})", np.log),
    Form("cos({})", np.cos),
    Form("sin({})", np.sin),
    Form("tanh({})", np.tanh),
    Form("1 - tanh({})**2", lambda x: 1 - np.tanh(x) ** 2, 0.5, "the derivative of tanh"),
    Form("sigmoid({})", sigmoid, 0.5),
    Form("1 - sigmoid({})", lambda x: 1 - sigmoid(x), 0.5),
    Form("sigmoid'({})", lambda x: sigmoid(x) * (1 - sigmoid(x)), 0.5, "the derivative of the sigmoid"),
    Form("{}**3", lambda x: x**3),
    Form("({} < 0)", lambda x: np.asarray(x < 0, float)),
    Form("abs({}) < 1", lambda x: np.asarray(np.abs(x) < 1, float)),
)


@dataclass(frozen=True)
class Feature:
    """Where to find an array in any example of the case."""

    words: str
    place: int
    output: bool

    def read(self, sample: Sample) -> tuple[Array, Labels] | None:
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

    def read(self, sample: Sample) -> tuple[Array, Labels] | None:
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
class Quotient:
    """An output over an input of its shape: what an input is multiplied by, where the output is such a product."""

    words: str
    place: int
    below: int
    output: bool = True

    def read(self, sample: Sample) -> tuple[Array, Labels] | None:
        """The quotient in float64 with the names of its axes."""
        y, x = sample.outputs[self.place], sample.inputs[self.below]
        if y.shape != x.shape or y.dtype.kind != "f" or x.dtype.kind != "f":
            return None
        with np.errstate(all="ignore"):
            return np.asarray(y, np.float64) / x, sample.labels(self.below)


def quotients(sample: Sample) -> Iterator[Quotient]:
    """Each output over each input of its shape."""
    for place, name in enumerate(sample.output_names):
        for below, x in enumerate(sample.names):
            if sample.outputs[place].shape == sample.inputs[below].shape and sample.inputs[below].dtype.kind == "f":
                yield Quotient(f"{name}/{x}", place, below)


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


def aligned(array: Array, labels: Labels, target: Labels, first: int, inside: bool) -> Array | None:
    """Reshape an array so that it broadcasts along the axes of ``target`` that bear its labels.

    The axes of ``target`` before ``first`` belong to an output, the others to an argument; ``inside`` says which are
    preferred where both bear a label. None where a label is missing.
    """
    own = list(range(first, len(target)))
    outer = list(range(first))
    free = own + outer if inside else outer + own
    place: dict[int, int] = {}
    for axis, (label, size) in enumerate(zip(labels, array.shape, strict=True)):
        if size == 1:
            continue
        spot = next((axis for axis in free if target[axis] == label and axis not in place), None)
        if spot is None:
            return None
        place[spot] = axis
    order = [place[spot] for spot in sorted(place)]
    squeezed = array.reshape([size for size in array.shape if size != 1])
    long = [axis for axis, size in enumerate(array.shape) if size != 1]
    moved = squeezed.transpose([long.index(axis) for axis in order])
    shape = [1] * len(target)
    for spot, axis in place.items():
        shape[spot] = array.shape[axis]
    return moved.reshape(shape)


@dataclass(frozen=True)
class Block:
    """The part of an argument's map that belongs to one output: ``claim`` and ``true`` over (output, argument) axes."""

    claim: Array
    true: Array
    known: Array
    target: Labels
    first: int

    @property
    def square(self) -> bool:
        """Whether output and argument have the same axes, so that there is a diagonal."""
        return self.claim.shape[: self.first] == self.claim.shape[self.first :]

    @property
    def diagonal(self) -> Array:
        """1 where output and argument entry are the same, else 0."""
        size = int(np.prod(self.claim.shape[: self.first]))
        return np.eye(size).reshape(self.claim.shape)


def blocks(view: View) -> list[Block] | None:
    """One block per output; None where the vjp does not answer one entry at a time, or numbers are complex."""
    sample = view.sample
    arrays = (view.array, *sample.outputs)
    if any(a.dtype.kind == "c" for a in arrays) or view.claim_rows is None or view.true_rows is None:
        return None
    found, start = [], 0
    for number, y in enumerate(sample.outputs):
        rows = slice(start, start + y.size)
        shape = y.shape + view.array.shape
        target = sample.output_labels(number) + view.labels
        known = view.known_rows[rows]
        true = np.where(known, view.true_rows[rows], 0)
        found.append(
            Block(view.claim_rows[rows].reshape(shape), true.reshape(shape), known.reshape(shape), target, y.ndim)
        )
        start += y.size
    return found
