"""The cotangent of one of several outputs is not used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.features import Block, blocks
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def propose(view: View) -> Iterator[Claim]:
    """Each output in turn."""
    found = blocks(view)
    if found is None or len(found) < 2:
        return
    for dropped, name in enumerate(view.sample.output_names):

        def holds(v: View, dropped: int = dropped) -> bool | None:
            def predict(block: Block, number: int) -> Array | None:
                return np.zeros_like(block.true) if number == dropped else block.true

            return rows_explained(v, predict)

        yield Claim(
            f"the cotangent of the output `{name}` is dropped: it does not reach the gradient of `{view.name}`",
            0.5,
            holds,
        )


HYPOTHESIS = Hypothesis("cotangent-dropped", "The cotangent of one of several outputs is dropped.", propose)
