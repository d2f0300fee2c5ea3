"""A mask or condition is used the wrong way round."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._operands import with_operand


def propose(view: View) -> Iterator[Claim]:
    """Each input of zeros and ones."""
    for place, array in enumerate(view.sample.inputs):
        if array.size and np.isin(array, (0, 1)).all():
            yield with_operand(
                view,
                place,
                lambda x: np.asarray(1 - x if x.dtype != bool else ~x).astype(x.dtype),
                "in the gradient of `{x}` the mask `{w}` is used the wrong way round: the two branches are swapped",
                1,
            )


HYPOTHESIS = Hypothesis("inverted-mask", "A mask is used the wrong way round.", propose)
