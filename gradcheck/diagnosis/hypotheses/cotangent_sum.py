"""Only the sum or the mean of the cotangent is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def pulled(view: View, change: Callable[[Array], Any]) -> Array | None:
    """The true gradient for a changed cotangent."""
    rows = view.true_rows
    if rows is None or not view.known_rows.all() or len(view.sample.outputs) != 1 or view.array.dtype.kind == "c":
        return None
    y = view.sample.outputs[0]
    if y.dtype.kind == "c" or y.size < 2:
        return None
    changed = np.broadcast_to(change(view.sample.cotangent.reshape(y.shape)), y.shape)
    return np.asarray(changed.ravel() @ rows).reshape(view.array.shape)


def propose(view: View) -> Iterator[Claim]:
    """The sum or mean over all of it, or along one axis; ones in its place."""
    ways: list[tuple[str, Callable[[Array], Any]]] = [
        ("sum", lambda u: u.sum()),
        ("mean", lambda u: u.mean()),
    ]
    for axis in range(view.sample.outputs[0].ndim if view.sample.outputs[0].ndim > 1 else 0):
        ways += [
            (f"sum along axis {axis}", partial(np.sum, axis=axis, keepdims=True)),
            (f"mean along axis {axis}", partial(np.mean, axis=axis, keepdims=True)),
        ]
    for words, change in ways:

        def holds(v: View, change: Callable[[Array], Any] = change) -> bool | None:
            found = pulled(v, change)
            return None if found is None else v.explained(found)

        yield Claim(f"only the {words} of the cotangent reaches the gradient of `{view.name}`", 1, holds)


HYPOTHESIS = Hypothesis("cotangent-sum", "Only a sum of the cotangent is used.", propose)
