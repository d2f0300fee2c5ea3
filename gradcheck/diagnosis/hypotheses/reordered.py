"""The right numbers in the wrong order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

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
    orders += [(f"reversed along axis {axis}", partial(np.flip, axis=axis)) for axis in range(view.array.ndim)]
    for words, order in orders:

        def holds(v: View, order: Callable[[Array], Array] = order) -> bool | None:
            return v.explained(order(v.true)) if v.known.all() else None

        yield Claim(
            f"the gradient of `{view.name}` is {words}: a reshape where a transpose is meant, or a flip", 1, holds
        )


def misplaced(view: View) -> bool | None:
    """Whether each output contributes the right numbers, and some of them to wrong entries."""
    claim, true = view.claim_rows, view.true_rows
    if claim is None or true is None or not view.fits or not view.known_rows.all() or view.array.size < 2:
        return None
    if view.rows_close(claim, true).all():
        return None
    return bool(view.rows_close(np.sort(claim, axis=1), np.sort(true, axis=1)).all())


def propose_rows(view: View) -> Iterator[Claim]:
    """Output by output."""
    if misplaced(view):
        yield Claim(
            f"each output contributes the right numbers to the gradient of `{view.name}`, but to wrong "
            "entries of it: an "
            "index is computed wrongly",
            2,
            misplaced,
        )


def propose_all(view: View) -> Iterator[Claim]:
    """Of the gradient, then of its map."""
    yield from propose(view)
    yield from propose_rows(view)


HYPOTHESIS = Hypothesis("reordered", "The entries of the gradient are the right ones in another order.", propose_all)
