"""An operand enters the backward transposed, or with its extents swapped only."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.features import Block
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from ._operands import floating, with_operand


def adjoint(view: View) -> bool | None:
    """Whether the map itself stands where its transpose belongs."""

    def predict(block: Block, _: int) -> Array | None:
        if not block.square:
            return None
        size = int(np.prod(block.claim.shape[: block.first]))
        return np.asarray(block.true.reshape(size, size).T.reshape(block.true.shape))

    return rows_explained(view, predict)


def propose(view: View) -> Iterator[Claim]:
    """Each input of several axes transposed where it is square, else read in the other order."""
    for place in floating(view):
        if view.sample.inputs[place].ndim < 2:
            continue
        yield with_operand(
            view,
            place,
            lambda x: np.swapaxes(x, -1, -2) if x.shape[-1] == x.shape[-2] else None,
            "in the gradient of `{x}` the operand `{w}` is transposed where it should not be, or is not "
            "where it should",
            1,
        )
        yield with_operand(
            view,
            place,
            lambda x: x.reshape(x.T.shape).T,
            "in the gradient of `{x}` the operand `{w}` is reshaped where it should be transposed (or has "
            "its sizes swapped "
            "and its numbers not)",
            1.25,
        )
        yield with_operand(
            view,
            place,
            lambda x: x.T.reshape(x.shape),
            "in the gradient of `{x}` the operand `{w}` is transposed where it should be reshaped",
            1.25,
        )


def propose_all(view: View) -> Iterator[Claim]:
    """Operand by operand, then all that the forward does."""
    yield from propose(view)
    yield Claim(
        f"the gradient of `{view.name}` is the forward map applied to the cotangent: its transpose belongs there (the "
        "order of a sum or scan runs the wrong way)",
        1,
        adjoint,
    )


HYPOTHESIS = Hypothesis("operand-transposed", "An operand is transposed, or not, in the backward.", propose_all)
