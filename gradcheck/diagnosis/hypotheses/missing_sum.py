"""Every entry has only its own share of a sum that all of them should get."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View


def unsummed(view: View, axis: int, mean: bool) -> bool | None:
    """Whether the claims along an axis add up to what is true at each place along it."""
    if axis >= view.array.ndim or view.array.shape[axis] < 2 or not view.fits or not view.known.all():
        return None
    total = view.claimed.mean(axis=axis, keepdims=True) if mean else view.claimed.sum(axis=axis, keepdims=True)
    return bool(view.close(np.broadcast_to(total, view.array.shape), view.true).all())


def propose(view: View) -> Iterator[Claim]:
    """Each axis; the sum and the mean."""
    for axis in range(view.array.ndim):
        for mean, word in ((False, "sum"), (True, "mean")):
            if unsummed(view, axis, mean):
                words = axis_words(view.sample, view.labels, axis)
                yield Claim(
                    f"a {word} along {words} is missing: each entry of the gradient of `{view.name}` has "
                    "only its own part "
                    f"of what should be the {word} over all",
                    1,
                    partial(unsummed, axis=axis, mean=mean),
                )


HYPOTHESIS = Hypothesis("missing-sum", "Each entry has its own part of a sum that all should have.", propose)
