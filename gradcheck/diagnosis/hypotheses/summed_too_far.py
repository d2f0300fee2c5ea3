"""Summed or averaged along an axis that the argument has, and broadcast back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """The sum or the mean of the right gradient along one axis, at every place along it."""
    for axis in range(view.array.ndim):
        for mean, word in ((False, "summed"), (True, "averaged")):

            def holds(v: View, axis: int = axis, mean: bool = mean) -> bool | None:
                if v.array.shape[axis] < 2 or not v.known.all():
                    return None
                total = v.true.mean(axis=axis, keepdims=True) if mean else v.true.sum(axis=axis, keepdims=True)
                if not v.fits:  # and not repeated along it again
                    return v.raw is not None and v.raw.shape == total.shape and v.gives(total)
                return v.explained(np.broadcast_to(total, v.array.shape))

            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the gradient of `{view.name}` is {word} along its own {words}, and every place along it gets the "
                f"{'mean' if mean else 'sum'}",
                1 if view.fits else 3,  # in another shape it may be a sum by accident
                holds,
            )


HYPOTHESIS = Hypothesis("summed-too-far", "The gradient is summed along an axis that it should keep.", propose)
