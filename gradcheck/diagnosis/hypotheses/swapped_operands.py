"""Two operands are swapped in the backward."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._operands import floating


def propose(view: View) -> Iterator[Claim]:
    """Each pair of inputs of one shape, swapped, or one in place of the other."""
    for first, second in combinations(floating(view), 2):
        left, right = view.sample.inputs[first], view.sample.inputs[second]
        if left.shape != right.shape or left.dtype != right.dtype:
            continue
        a, b = view.sample.names[first], view.sample.names[second]
        for taken, words in (
            ((second, first), f"`{a}` and `{b}` are swapped"),
            ((second, second), f"`{b}` stands where `{a}` belongs"),
            ((first, first), f"`{a}` stands where `{b}` belongs"),
        ):

            def holds(v: View, pair: tuple[int, int] = (first, second), taken: tuple[int, int] = taken) -> bool | None:
                x = v.sample.inputs
                if x[pair[0]].shape != x[pair[1]].shape or np.array_equal(x[pair[0]], x[pair[1]]):
                    return None
                put = dict(zip(pair, taken, strict=True))
                return v.matches_elsewhere([x[put.get(n, n)] for n in range(len(x))])

            yield Claim(f"in the gradient of `{view.name}` {words}", 1, holds)


HYPOTHESIS = Hypothesis("swapped-operands", "Operands are swapped in the backward.", propose)
