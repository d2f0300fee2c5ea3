"""The first row of an operand is used for all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from ._operands import with_operand


def propose(view: View) -> Iterator[Claim]:
    """The first and the last slice of each input along each axis, repeated."""
    for place, array in enumerate(view.sample.inputs):
        for axis in range(array.ndim):
            for which, word in ((0, "first"), (-1, "last")):

                def repeated(x: Array, axis: int = axis, which: int = which) -> Array | None:
                    if axis >= x.ndim or x.shape[axis] < 2:
                        return None
                    return np.array(np.broadcast_to(x.take([which], axis=axis), x.shape))

                words = axis_words(view.sample, view.sample.labels(place), axis)
                yield with_operand(
                    view,
                    place,
                    repeated,
                    f"the gradient of `{{x}}` uses the {word} slice of `{{w}}` along {words} for all of them",
                    1.25,
                )


HYPOTHESIS = Hypothesis("operand-first-row", "One slice of an operand is used for all.", propose)
