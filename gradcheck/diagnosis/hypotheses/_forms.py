"""Which known array is the factor, or the term, in an argument's map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.features import FORMS, Block, Feature, Form, Kept, Quotient, aligned, features, quotients
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


@dataclass(frozen=True)
class Known:
    """A form of a feature, laid along the axes of a map; readable in any example."""

    feature: Feature | Kept | Quotient
    form: Form
    inside: bool

    @property
    def words(self) -> str:
        """``1 - y**2``."""
        return self.form.words.format(self.feature.words)

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
            for form in FORMS:
                with np.errstate(all="ignore"):
                    found = np.asarray(form.apply(laid))
                if np.isfinite(found).any() and not (found == 1).all():
                    yield Known(feature, form, inside), found
    for quotient in quotients(view.sample):
        known = Known(quotient, _WHOLE, inside=True)
        along = known.along(view, block)
        if along is not None:
            yield known, along


def telling(block: Block) -> tuple[int, ...] | None:
    """The entry of the map at which the true slope is largest among those that are claimed to differ."""
    apart = np.abs(block.claim - block.true) > 1e-6 * np.abs(block.true).max(initial=0.0)
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
