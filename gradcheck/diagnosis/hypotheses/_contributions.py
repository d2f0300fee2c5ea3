"""What each output entry contributes to the gradient of an argument that is broadcast."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import numpy as np

from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def contributions(view: View) -> Array | None:
    """``P`` with the shape of the output, summed to the gradient; None where an output entry has several inputs."""
    sample = view.sample
    if len(sample.outputs) != 1 or view.true_rows is None or view.array.dtype.kind == "c" or not view.known_rows.all():
        return None
    if sample.outputs[0].dtype.kind == "c" or ((view.true_rows != 0).sum(axis=1) > 1).any():
        return None
    return np.asarray((sample.cotangent * view.true_rows.sum(axis=1)).reshape(sample.outputs[0].shape))


def summed_axes(view: View, parts: Array) -> tuple[int, ...] | None:
    """The axes over which contributions are summed to give the truth."""
    for axes in subsets(parts.ndim):
        total = parts.sum(axis=axes)
        if axes and total.size == view.true.size and view.close(total.reshape(view.true.shape), view.true).all():
            return axes
    return None


def subsets(count: int) -> Iterator[tuple[int, ...]]:
    """All subsets of axes, small ones first."""
    return chain.from_iterable(combinations(range(count), size) for size in range(count + 1))


def totals(parts: Array, axes: tuple[int, ...]) -> Iterator[Array]:
    """Sum and mean over some axes, kept and dropped."""
    for kept in (False, True):
        yield parts.sum(axis=axes, keepdims=kept)
        if axes:
            yield parts.mean(axis=axes, keepdims=kept)
