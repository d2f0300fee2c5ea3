"""Wrong only in a region, and right elsewhere: one hypothesis for each kind of region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from ._regions import Mask, regions

_MEANINGS = {
    "at-zeros": "Wrong only where something is exactly 0.",
    "at-ties": "Wrong only where values are equal.",
    "at-borders": "Wrong only at values where the op changes its rule.",
    "masked": "Wrong only where a mask or label has one value.",
    "first-row": "Wrong only at the first index along an axis.",
    "last-row": "Wrong only at the last index along an axis.",
    "at-ends": "Wrong only at both ends of an axis.",
    "beyond-first": "Right only at the first index along an axis.",
    "last-block": "Wrong only in the tail of an axis.",
    "first-block": "Wrong only in the head of an axis.",
    "off-diagonal": "Right on the diagonal only, or wrong in one triangle.",
    "diagonal": "Wrong only on the diagonal.",
    "negative": "Wrong only where the argument is negative.",
    "positive": "Wrong only where the argument is positive.",
    "saturated": "Wrong only beyond a threshold.",
}


def only_in(mask: Mask) -> Callable[[View], bool | None]:
    """Whether all that is wrong lies in the region, all of the region is wrong, and something outside is right.

    What is zero in both claim and truth is neither right nor wrong.
    """

    def holds(view: View) -> bool | None:
        if not view.fits or not view.measured:
            return None
        region = mask(view)
        if region is None:
            return None
        wrong = view.wrong
        if not wrong.any():
            return False if (region & _told(view)).any() else None
        if (wrong & ~region).any() or (region & _told(view) & ~wrong).any():
            return False
        return True if (_told(view) & ~region).any() else None

    return holds


def _told(view: View) -> Array:
    """Where claim or truth is something other than zero, so that right and wrong can be told apart."""
    size = np.maximum(np.abs(view.claimed), np.abs(np.where(view.known, view.true, 0)))
    largest = float(np.nan_to_num(size, nan=0.0, posinf=0.0).max(initial=0.0))
    return np.asarray(view.known & ~(size <= 1e-9 * largest))


def proposals(name: str) -> Callable[[View], Iterable[Claim]]:
    """The claims of one kind of region."""

    def propose(view: View) -> Iterator[Claim]:
        if not view.fits or not view.is_wrong:
            return
        for region in regions(view):
            if region.name == name and only_in(region.mask)(view) is not False:
                there = ""
                if not view.claimed[view.wrong].any():
                    there = ", where it is zero"
                elif not np.isfinite(view.claimed[view.wrong]).any():
                    there = ", where it is not finite"
                yield Claim(
                    f"the gradient of `{view.name}` is wrong only {region.words}{there}",
                    region.cost,
                    only_in(region.mask),
                    everywhere=True,
                    loose=region.loose,
                )

    return propose


HYPOTHESES = tuple(Hypothesis(name, meaning, proposals(name)) for name, meaning in _MEANINGS.items())
