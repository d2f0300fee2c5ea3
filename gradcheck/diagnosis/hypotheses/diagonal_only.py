"""Only the diagonal of the Jacobian: every entry as if it depended on itself alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.features import Block, blocks
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def same_place(block: Block, axis: int | None) -> Array | None:
    """1 where output and argument have the same index along an axis (along all for None); None where they have not."""
    if not block.square:
        return None
    if axis is None:
        return block.diagonal
    shape = [1] * block.claim.ndim
    shape[axis] = shape[block.first + axis] = block.claim.shape[axis]
    return np.eye(block.claim.shape[axis]).reshape(shape)


def propose(view: View) -> Iterator[Claim]:
    """The whole diagonal, then the diagonal along one axis."""
    found = blocks(view)
    if found is None or not found[0].square:
        return
    axes: list[int | None] = [None, *(range(view.array.ndim) if view.array.ndim > 1 else ())]
    for axis in axes:

        def holds(v: View, axis: int | None = axis) -> bool | None:
            def predict(block: Block, _: int) -> Array | None:
                mask = same_place(block, axis)
                return None if mask is None else np.asarray(block.true * mask)

            return rows_explained(v, predict)

        where = "" if axis is None else f" along {axis_words(view.sample, view.labels, axis)}"
        yield Claim(
            f"the gradient of `{view.name}` has only the diagonal of the Jacobian{where}: that each output "
            "also depends "
            "on the other entries is left out (a sum is missing)",
            0.5 + (axis is not None) * 0.5,
            holds,
        )


HYPOTHESIS = Hypothesis("diagonal-only", "The off-diagonal part of the Jacobian is left out.", propose)
