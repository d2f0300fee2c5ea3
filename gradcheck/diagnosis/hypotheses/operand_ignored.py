"""An operand is left out of the backward: as if it were 1 or 0."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._operands import with_operand


def propose(view: View) -> Iterator[Claim]:
    """Each input as ones, then as zeros."""
    for place, array in enumerate(view.sample.inputs):
        mask = array.dtype.kind in "iub" and bool(np.isin(array, (0, 1)).all())
        if place == view.position or not (array.dtype.kind in "fc" or mask):
            continue
        yield with_operand(
            view, place, np.ones_like, "the gradient of `{x}` leaves `{w}` out: it is the one for `{w}` = 1", 1.25
        )
        yield with_operand(
            view, place, np.zeros_like, "the gradient of `{x}` leaves `{w}` out: it is the one for `{w}` = 0", 3
        )


HYPOTHESIS = Hypothesis("operand-ignored", "An operand is left out of the backward.", propose)
