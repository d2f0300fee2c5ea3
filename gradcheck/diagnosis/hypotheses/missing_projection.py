"""The residual along an axis is a multiple of the input or of the output there, or that and a constant."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.features import Feature, Kept, features
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from .line_factor import scaled_lines

_ROUNDED = 1e-6


def spanned(
    view: View, feature: Feature | Kept, axes: tuple[int, ...], offset: bool, scaled: bool = False
) -> bool | None:
    """Whether each line of the residual is ``c * feature`` (plus a constant); None where lines are too short to tell.

    ``scaled``: the claim is off by a factor along each line besides.
    """
    read = feature.read(view.sample)
    if not view.fits or read is None or max(axes) >= view.array.ndim or view.array.dtype.kind != "f":
        return None
    array, labels = read
    if array.shape != view.array.shape or labels != view.labels:
        return False
    length = int(np.prod([array.shape[axis] for axis in axes]))
    last = tuple(range(-len(axes), 0))
    if scaled and scaled_lines(view, axes):
        return False
    if length < 2 + offset + scaled or not view.known.all() or not np.isfinite(view.claimed).all():
        return None
    if np.abs(view.residual).max(initial=0.0) <= _ROUNDED * np.abs(view.true).max(initial=0.0):
        return False  # too little to be a sum that is missing: what was rounded
    residual = np.moveaxis(view.residual, axes, last).reshape(-1, length)
    lines = np.moveaxis(array, axes, last).reshape(-1, length)
    truths = np.moveaxis(view.true, axes, last).reshape(-1, length)
    if not (_across(truths, lines) or _across(truths, np.ones_like(lines))):
        return False
    fitted = np.empty_like(residual)
    for place, (r, line) in enumerate(zip(residual, lines, strict=True)):
        columns = [line, *([np.ones(length)] if offset else []), *([truths[place]] if scaled else [])]
        basis = np.stack(columns, axis=1)
        fitted[place] = basis @ np.linalg.lstsq(basis, r, rcond=None)[0]
    back = np.moveaxis(fitted.reshape(np.moveaxis(view.residual, axes, last).shape), last, axes)
    return bool(view.close(view.true + view.residual, view.true + back).all())


def _across(truths: Array, lines: Array) -> bool:
    """Whether the true gradient is orthogonal to each line: normalising makes it so, for scale or for shift."""
    product, size = (truths * lines).sum(axis=1), np.sqrt((truths**2).sum(axis=1) * (lines**2).sum(axis=1))
    return bool(np.all(within(np.abs(product), 1e-6 * size.max(initial=0.0) + 1e-12)))


def propose(view: View) -> Iterator[Claim]:
    """Inputs and outputs of the argument's own shape, along each axis, and the last two together."""
    ndim = view.array.ndim
    for axes in [*((axis,) for axis in range(ndim)), *([(ndim - 2, ndim - 1)] if ndim > 2 else [])]:
        for feature in features(view.sample):
            for offset, scaled in ((False, False), (True, False), (False, True)):
                if spanned(view, feature, axes, offset, scaled) is False:
                    continue
                words = " and ".join(axis_words(view.sample, view.labels, axis) for axis in axes)
                more = " plus a constant" if offset else " besides a factor" if scaled else ""
                yield Claim(
                    f"what the gradient of `{view.name}` is off by is, along {words}, a multiple of "
                    f"`{feature.words}`{more}: the sums over it that normalising brings in are missing or wrong",
                    2.5 + offset + 1.5 * scaled + 0.1 * feature.output,
                    partial(spanned, feature=feature, axes=axes, offset=offset, scaled=scaled),
                )


HYPOTHESIS = Hypothesis("missing-projection", "The terms that a normalisation adds are missing or wrong.", propose)
