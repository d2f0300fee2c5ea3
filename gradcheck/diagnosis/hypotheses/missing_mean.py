"""The residual is constant along an axis: something that is to be subtracted from all of it is not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def flat_along(view: View, array: Array, axis: int) -> bool:
    """Whether an array is constant along an axis, as far as can be known."""
    mean = array.mean(axis=axis, keepdims=True)
    return bool(view.close(view.true + array, view.true + np.broadcast_to(mean, array.shape)).all())


def constant(view: View, axis: int) -> bool | None:
    """Whether claim minus truth is constant along an axis along which the truth is not."""
    if not view.fits or axis >= view.array.ndim or view.array.shape[axis] < 2 or not view.known.all():
        return None
    if not np.isfinite(view.claimed).all() or flat_along(view, view.true, axis):
        return None
    return flat_along(view, view.residual, axis)


def constant_rows(view: View) -> bool | None:
    """Whether the slopes of each output are off by the same wherever that output depends on the argument."""
    claim, true = view.claim_rows, view.true_rows
    if claim is None or true is None or not view.fits or not view.known_rows.all() or view.array.dtype.kind != "f":
        return None
    apart, told = claim - true, False
    predicted = np.array(true)
    for row, (gap, slope) in enumerate(zip(apart, true, strict=True)):
        support = (slope != 0) | (claim[row] != 0)
        if support.sum() < 2 or np.ptp(slope[support]) <= 1e-9 * np.abs(slope).max():
            predicted[row] = claim[row]
            continue
        predicted[row][support] += gap[support].mean()
        told = told or bool(support.sum() > 2)
    return bool(view.rows_close(claim, predicted).all()) if told else None


def propose(view: View) -> Iterator[Claim]:
    """Each axis of the argument."""
    for axis in range(view.array.ndim):
        if constant(view, axis) is False:
            continue
        words = axis_words(view.sample, view.labels, axis)
        yield Claim(
            f"what the gradient of `{view.name}` is off by is constant along {words}: the mean or sum along it that is "
            "to be subtracted is missing or wrong",
            1.5,
            partial(constant, axis=axis),
        )


def propose_rows(view: View) -> Iterator[Claim]:
    """Output by output."""
    if constant_rows(view):
        yield Claim(
            f"in what each output contributes to the gradient of `{view.name}` something is not subtracted "
            "that is the same "
            "for all of its entries: the path through a sum, a mean or a normaliser is missing",
            2,
            constant_rows,
        )


def propose_all(view: View) -> Iterator[Claim]:
    """Along axes of the gradient first."""
    yield from propose(view)
    yield from propose_rows(view)


HYPOTHESIS = Hypothesis("missing-mean", "A mean along an axis is not subtracted, or not the right one.", propose_all)
