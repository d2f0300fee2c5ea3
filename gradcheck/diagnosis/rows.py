"""Predictions of the claimed map from the true one, compared block by block."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradcheck.numerics.tolerance import Array

from .known.along import Block, blocks
from .view import View

VACUOUS = np.empty(0)


def rows_explained(view: View, predict: Callable[[Block, int], Array | None]) -> bool | None:
    """Whether ``predict(block, number)`` gives the claimed map wherever it is not the true one.

    None where the prediction is the truth as well, or there is nothing to compare. ``predict`` answers `VACUOUS` for a
    block about which it says nothing, and None where it does not apply.
    """
    found = blocks(view)
    if found is None:
        return None
    told = False
    start = 0
    for number, block in enumerate(found):
        rows = slice(start, start + int(np.prod(block.claim.shape[: block.first])))
        start = rows.stop
        if not block.known.any() or same(view, rows, block, block.claim, block.true):
            continue
        with np.errstate(all="ignore"):
            predicted = predict(block, number)
        if predicted is VACUOUS:
            continue
        if predicted is None or not same(view, rows, block, block.claim, predicted):
            return False
        told = True
    return told or None


def same(view: View, rows: slice, block: Block, left: Array, right: Array) -> bool:
    """Whether two maps of one output agree as far as the truth is known."""
    assert view.true_rows is not None
    pair = []
    for array in (left, right):
        whole = np.array(np.where(view.known_rows, view.true_rows, 0))
        whole[rows] = np.broadcast_to(array, block.claim.shape).reshape(whole[rows].shape)
        pair.append(whole)
    return bool(view.rows_close(pair[0], pair[1])[rows].all())
