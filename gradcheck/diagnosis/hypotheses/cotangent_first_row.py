"""One slice of the cotangent is used for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.features import blocks
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View

from .cotangent_sum import pulled


def repeated(view: View, axis: int, which: int) -> bool | None:
    """Whether the claim is the true gradient for a cotangent that is one slice of this one, repeated."""
    y = view.sample.outputs[0]
    if axis >= y.ndim or y.shape[axis] < 2:
        return None
    found = pulled(view, lambda u: u.take([which], axis=axis))
    return None if found is None else view.explained(found)


def reached(view: View, axis: int, which: int) -> bool | None:
    """Whether one slice of the cotangent, and it alone, reaches places along an axis that in truth none other does."""
    found = blocks(view)
    if found is None or len(found) != 1 or not found[0].square or axis >= view.array.ndim:
        return None
    block, size = found[0], view.array.shape[axis]
    if size < 3:  # with two places the other one is all others
        return None
    index = np.arange(size)
    wanted = index[which]
    shape = [1] * block.claim.ndim
    shape[axis] = shape[block.first + axis] = size
    apart = (index[:, None] != index[None, :]).astype(float)
    ours = np.where(index[:, None] == wanted, apart, 0)
    largest = np.abs(block.true).max(initial=0.0)
    leaking = np.abs(block.claim) * apart.reshape(shape)
    if not largest or (np.abs(block.true * apart.reshape(shape)) > 1e-9 * largest).any():
        return False
    if (leaking * (1 - ours).reshape(shape) > 1e-6 * largest).any():
        return False
    return bool((leaking > 1e-6 * largest).any())


def propose(view: View) -> Iterator[Claim]:
    """The first and the last slice along each axis: in place of all of the cotangent, then in a term."""
    for axis in range(view.sample.outputs[0].ndim if len(view.sample.outputs) == 1 else 0):
        words = axis_words(view.sample, view.sample.output_labels(0), axis)
        for which, word in ((0, "first"), (-1, "last")):
            if repeated(view, axis, which) is not False:
                yield Claim(
                    f"the {word} slice of the cotangent along {words} is used for all of them in the gradient of "
                    f"`{view.name}`",
                    1,
                    partial(repeated, axis=axis, which=which),
                )
            if reached(view, axis, which):
                yield Claim(
                    f"in a term of the gradient of `{view.name}` the {word} slice of the cotangent along {words} is "
                    "used for all of them",
                    1.5,
                    partial(reached, axis=axis, which=which),
                )


HYPOTHESIS = Hypothesis("cotangent-first-row", "One slice of the cotangent is used for all of it.", propose)
