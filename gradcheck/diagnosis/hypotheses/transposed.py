"""The gradient is the transpose of the right one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """Two axes swapped, or all reversed; in the shape that this gives."""
    for first in range(view.array.ndim):
        for second in range(first + 1, view.array.ndim):

            def holds(v: View, first: int = first, second: int = second) -> bool | None:
                turned = np.swapaxes(v.true, first, second)
                return None if v.array.ndim <= second or not v.known.all() else v.gives(turned)

            axes = "" if view.array.ndim == 2 else f": axes {first} and {second} are swapped"
            yield Claim(f"the gradient of `{view.name}` is transposed{axes}", 0, holds)


HYPOTHESIS = Hypothesis("transposed", "Two axes of the gradient are swapped.", propose)
