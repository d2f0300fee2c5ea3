"""Known arrays laid along a gradient, or along the map from cotangents that gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.limits import NOTICED
from gradcheck.diagnosis.sample import Labels
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from .arrays import Feature, Kept, Share, features, shares
from .forms import OF_MAPS, Form


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


@dataclass(frozen=True)
class Known:
    """A form of a feature, laid along the axes of a map; readable in any example."""

    feature: Feature | Kept | Share
    form: Form
    inside: bool

    @property
    def words(self) -> str:
        """``1 - y**2``."""
        return self.form.of(self.feature.words)

    def along(self, view: View, block: Block) -> Array | None:
        """The array, ready to be multiplied with the map; None where it does not fit along it."""
        read = self.feature.read(view.sample)
        if read is None:
            return None
        array, labels = read
        laid = aligned(array, labels, block.target, block.first, self.inside)
        if laid is None:
            return None
        with np.errstate(all="ignore"):
            found = self.form.apply(laid)
        return np.asarray(found)


_WHOLE = Form("{}", lambda x: x, costs.RARE)


def known_arrays(view: View, block: Block) -> Iterator[tuple[Known, Array]]:
    """Every form of every feature that fits along the map, and is not constant."""
    for feature in features(view.sample):
        seen: list[Array] = []
        for inside in (True, False):
            read = feature.read(view.sample)
            if read is None:
                continue
            laid = aligned(read[0], read[1], block.target, block.first, inside)
            if laid is None or any(laid.shape == other.shape for other in seen):
                continue
            seen.append(laid)
            for form in OF_MAPS:
                with np.errstate(all="ignore"):
                    found = np.asarray(form.apply(laid))
                if np.isfinite(found).any() and not (found == 1).all():
                    yield Known(feature, form, inside), found
    for share in shares(view.sample):
        known = Known(share, _WHOLE, inside=True)
        along = known.along(view, block)
        if along is not None:
            yield known, along


def telling(block: Block) -> tuple[int, ...] | None:
    """The entry of the map at which the true slope is largest among those that are claimed to differ."""
    apart = ~within(np.abs(block.claim - block.true), NOTICED * np.abs(block.true).max(initial=0.0))
    usable = block.known & np.isfinite(block.claim) & apart
    size = np.where(usable, np.minimum(np.abs(block.true), np.abs(block.claim)), -1.0)
    if size.max(initial=0.0) <= 0:  # one of the two is zero wherever they differ
        size = np.where(usable, np.maximum(np.abs(block.true), np.abs(block.claim)), -1.0)
    if not size.size or size.max() <= 0:
        return None
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(size)), size.shape))


def at(array: Array, entry: tuple[int, ...], shape: tuple[int, ...]) -> float:
    """One entry of an array that broadcasts to ``shape``."""
    return float(np.broadcast_to(array, shape)[entry])
