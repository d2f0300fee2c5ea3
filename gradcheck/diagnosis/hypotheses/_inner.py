"""Where claim and truth can be compared entry by entry: in the gradient, or in what a product inside the op gets back.

The gradient of a matrix that is multiplied with ``k``, another input or something the backward keeps, is ``dz k^T``, so
that ``dz``, the cotangent of the product, can be read off it where ``k`` has enough rows. What the backward does before
that product it does to ``dz``, entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.known.arrays import Feature, Kept, features
from gradcheck.diagnosis.limits import COARSEST, CONDITION, READ_OFF, SLOPES_OFF
from gradcheck.diagnosis.sample import Labels
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


@dataclass(frozen=True)
class Compared:
    """Claim and truth of one shape, its axes by name, and how far two that are the same may be apart, relatively."""

    claim: Array
    true: Array
    labels: Labels
    slack: float


@dataclass(frozen=True)
class OfGradient:
    """The gradient itself."""

    words: str
    cost: float = costs.AS_IT_IS

    def read(self, view: View) -> Compared | None:
        """Claim and truth; None where not all of the truth is known.

        A claim of a smaller shape counts as if it were repeated: a factor that is left out may have given the shape.
        """
        if view.raw is None or not view.measured or view.array.dtype.kind != "f" or not view.known.all():
            return None
        try:
            claim = np.broadcast_to(np.asarray(view.raw, np.float64), view.array.shape)
        except ValueError:
            return None
        true = np.asarray(view.true, np.float64)
        largest = float(np.abs(true).max(initial=0.0))
        if not largest or not np.isfinite(claim).all():
            return None
        error = float(view.error.max(initial=0.0)) / largest
        return Compared(claim, true, view.labels, SLOPES_OFF * (half_digits(view) + 2 * error))


@dataclass(frozen=True)
class OfProduct:
    """The cotangent of the product of the argument with ``other`` along the axis that both have."""

    other: Feature | Kept
    words: str
    cost: float = costs.INSIDE

    def read(self, view: View) -> Compared | None:
        """``dz`` as claimed and in truth; None where it is not determined."""
        whole, read = OfGradient("").read(view), self.other.read(view.sample)
        if whole is None or read is None:
            return None
        shared = _shared(view.labels, read[1])
        if shared is None:
            return None
        axis, other_axis = shared
        k = np.moveaxis(read[0], other_axis, 0)
        if k.shape[1] > k.shape[0] or not np.isfinite(k).all():
            return None
        spread = np.linalg.svd(k, compute_uv=False)
        if not spread.size or not within(spread.max(), CONDITION * spread.min()):
            return None
        back = np.linalg.pinv(k.T)
        claim, true = (np.moveaxis(g, axis, -1) @ back for g in (whole.claim, whole.true))
        slack = READ_OFF * whole.slack
        labels = (view.labels[1 - axis], read[1][1 - other_axis])
        return Compared(claim, true, labels, slack) if within(slack, COARSEST) else None


def places(view: View) -> Iterator[OfGradient | OfProduct]:
    """The gradient of the argument, then each product that it may stand in."""
    yield OfGradient(f"the gradient of `{view.name}`")
    if view.array.ndim != 2:
        return
    for feature in features(view.sample):
        read = feature.read(view.sample)
        if read is None or len(read[1]) != 2 or feature.words == view.name:
            continue
        shared = _shared(view.labels, read[1])
        if shared is not None:
            yield OfProduct(feature, f"the cotangent of the product of `{view.name}` and `{feature.words}`")


def _shared(own: Labels, other: Labels) -> tuple[int, int] | None:
    """The one axis that two matrices share, in each of them; None where it is none or both."""
    if len(own) != 2 or len(other) != 2:
        return None
    found = [(a, b) for a in range(2) for b in range(2) if own[a] == other[b]]
    return found[0] if len(found) == 1 else None
