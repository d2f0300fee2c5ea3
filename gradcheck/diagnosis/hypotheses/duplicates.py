"""Wrong where an index occurs more than once: there only, or counted as often as it occurs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.features import Block
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from .wrong_only import proposals


def multiplicity(view: View, place: int, block: Block, axis: int) -> Array | None:
    """How often each place along an output axis is named by an integer input, laid along the map."""
    ids = view.sample.inputs[place]
    size = block.claim.shape[axis]
    if not ids.size or ids.min() < 0 or ids.max() >= size:
        return None
    shape = [1] * block.claim.ndim
    shape[axis] = size
    return np.bincount(ids.ravel(), minlength=size).reshape(shape)


def propose(view: View) -> Iterator[Claim]:
    """Every integer input, as an index into every axis of an output."""
    for place, ids in enumerate(view.sample.inputs):
        if ids.dtype.kind not in "iu":
            continue
        for axis in range(view.sample.outputs[0].ndim):

            def holds(v: View, place: int = place, axis: int = axis) -> bool | None:
                def predict(block: Block, _: int) -> Array | None:
                    counts = multiplicity(v, place, block, axis)
                    return None if counts is None else np.asarray(block.true * counts)

                return rows_explained(v, predict)

            yield Claim(
                f"an index that stands several times in `{view.sample.names[place]}` is counted as often "
                "in the gradient of "
                f"`{view.name}`",
                1,
                holds,
            )


def propose_all(view: View) -> Iterator[Claim]:
    """In the map, then by region."""
    yield from propose(view)
    yield from proposals("duplicates")(view)


HYPOTHESIS = Hypothesis("duplicates", "Wrong where an index occurs more than once.", propose_all)
