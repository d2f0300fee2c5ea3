"""The right numbers in the wrong order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def propose(view: View) -> Iterator[Claim]:
    """Flattened column by column where it should be row by row, or the other way; an axis reversed."""
    orders: list[tuple[str, Callable[[Array], Array]]] = []
    if view.array.ndim > 1:
        orders += [
            ("flattened in the wrong order (columns first)", lambda t: t.T.reshape(t.shape)),
            ("read in the wrong order (columns first)", lambda t: t.reshape(t.T.shape).T),
        ]
    orders += [
        (f"reversed along axis {axis}", lambda t, axis=axis: np.flip(t, axis)) for axis in range(view.array.ndim)
    ]
    for words, order in orders:

        def holds(v: View, order: Callable[[Array], Array] = order) -> bool | None:
            return v.explained(order(v.true)) if v.known.all() else None

        yield Claim(f"the gradient of `{view.name}` is {words}: a reshape where a transpose is meant, or a flip", 1, holds)


HYPOTHESIS = Hypothesis("reordered", "The entries of the gradient are the right ones in another order.", propose)
