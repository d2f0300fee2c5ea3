"""A sum along an axis that is missing, or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, blocks
from gradcheck.diagnosis.known.arrays import Feature, Kept, features
from gradcheck.diagnosis.limits import GONE, NEGLIGIBLE, NOTICED
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from .factors import scaled_lines


def summed_too_far(view: View) -> Iterator[Claim]:
    """The sum or the mean of the right gradient along one axis, at every place along it."""
    for axis in range(view.array.ndim):
        for mean, word in ((False, "summed"), (True, "averaged")):

            def holds(v: View, axis: int = axis, mean: bool = mean) -> bool | None:
                if v.array.shape[axis] < 2 or not v.known.all():
                    return None
                total = v.true.mean(axis=axis, keepdims=True) if mean else v.true.sum(axis=axis, keepdims=True)
                if not v.fits:  # and not repeated along it again
                    return v.raw is not None and v.raw.shape == total.shape and v.gives(total)
                return v.explained(np.broadcast_to(total, v.array.shape))

            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the gradient of `{view.name}` is {word} along its own {words}, and every place along it gets the "
                f"{'mean' if mean else 'sum'}",
                costs.ONE if view.fits else costs.BY_ACCIDENT,  # in another shape it may be a sum by accident
                holds,
            )


def has_own_part(view: View, axis: int, mean: bool) -> bool | None:
    """Whether the claims along an axis add up to what is true at each place along it."""
    if axis >= view.array.ndim or view.array.shape[axis] < 2 or not view.fits or not view.known.all():
        return None
    total = view.claimed.mean(axis=axis, keepdims=True) if mean else view.claimed.sum(axis=axis, keepdims=True)
    return bool(view.close(np.broadcast_to(total, view.array.shape), view.true).all())


def missing_sum(view: View) -> Iterator[Claim]:
    """Each axis; the sum and the mean."""
    for axis in range(view.array.ndim):
        for mean, word in ((False, "sum"), (True, "mean")):
            if has_own_part(view, axis, mean):
                words = axis_words(view.sample, view.labels, axis)
                yield Claim(
                    f"a {word} along {words} is missing: each entry of the gradient of `{view.name}` has "
                    "only its own part "
                    f"of what should be the {word} over all",
                    costs.ONE,
                    partial(has_own_part, axis=axis, mean=mean),
                )


def same_place(block: Block, axis: int | None) -> Array | None:
    """1 where output and argument have the same index along an axis (along all for None); None where they have not."""
    if not block.square:
        return None
    if axis is None:
        return block.diagonal
    shape = [1] * block.claim.ndim
    shape[axis] = shape[block.first + axis] = block.claim.shape[axis]
    return np.eye(block.claim.shape[axis]).reshape(shape)


def diagonal_only(view: View) -> Iterator[Claim]:
    """The whole diagonal, then the diagonal along one axis."""
    found = blocks(view)
    if found is None or not found[0].square:
        return
    axes: list[int | None] = [None, *(range(view.array.ndim) if view.array.ndim > 1 else ())]
    for axis in axes:

        def holds(v: View, axis: int | None = axis) -> bool | None:
            def predict(block: Block, _: int) -> Array | None:
                mask = same_place(block, axis)
                return None if mask is None else np.asarray(block.true * mask)

            return rows_explained(v, predict)

        where = "" if axis is None else f" along {axis_words(view.sample, view.labels, axis)}"
        yield Claim(
            f"the gradient of `{view.name}` has only the diagonal of the Jacobian{where}: that each output "
            "also depends "
            "on the other entries is left out (a sum is missing)",
            costs.ASKED_PART + costs.DIAGONAL_ALONG * (axis is not None),
            holds,
        )


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
        if support.sum() < 2 or within(np.ptp(slope[support]), NEGLIGIBLE * np.abs(slope).max()):
            predicted[row] = claim[row]
            continue
        predicted[row][support] += gap[support].mean()
        told = told or bool(support.sum() > 2)
    return bool(view.rows_close(claim, predicted).all()) if told else None


def _sums_to_nothing(view: View, axis: int) -> bool:
    """Whether the right gradient adds up to zero along an axis, as it does where a mean is subtracted in the forward.

    Elsewhere what is constant may as well be a term too many.
    """
    return _across(np.moveaxis(view.true, axis, -1).reshape(-1, view.array.shape[axis]), np.ones((1, 1)))


def _mean_along(view: View) -> Iterator[Claim]:
    """Each axis of the argument."""
    for axis in range(view.array.ndim):
        if constant(view, axis) is False:
            continue
        words = axis_words(view.sample, view.labels, axis)
        yield Claim(
            f"what the gradient of `{view.name}` is off by is constant along {words}: the mean or sum along it that is "
            "to be subtracted is missing or wrong",
            costs.PART,
            partial(constant, axis=axis),
            open_ends=1,
            loose=not _sums_to_nothing(view, axis),
        )


def _mean_of_rows(view: View) -> Iterator[Claim]:
    """Output by output."""
    if constant_rows(view):
        yield Claim(
            f"in what each output contributes to the gradient of `{view.name}` something is not subtracted "
            "that is the same "
            "for all of its entries: the path through a sum, a mean or a normaliser is missing",
            costs.SORT,
            constant_rows,
            open_ends=1,
        )


def missing_mean(view: View) -> Iterator[Claim]:
    """Along axes of the gradient first."""
    yield from _mean_along(view)
    yield from _mean_of_rows(view)


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
    if within(np.abs(view.residual).max(initial=0.0), NOTICED * np.abs(view.true).max(initial=0.0)):
        return False  # too little to be a sum that is missing: what was rounded
    residual = np.moveaxis(view.residual, axes, last).reshape(-1, length)
    lines = np.moveaxis(array, axes, last).reshape(-1, length)
    truths = np.moveaxis(view.true, axes, last).reshape(-1, length)
    if not (_across(truths, lines) or _across(truths, np.ones_like(lines))):
        return False
    if _along(np.moveaxis(view.claimed, axes, last).reshape(-1, length), lines):
        return False  # it is the claim under another name, of which and of the truth whatever is off is made
    fitted = np.empty_like(residual)
    for place, (r, line) in enumerate(zip(residual, lines, strict=True)):
        columns = [line, *([np.ones(length)] if offset else []), *([truths[place]] if scaled else [])]
        basis = np.stack(columns, axis=1)
        fitted[place] = basis @ np.linalg.lstsq(basis, r, rcond=None)[0]
    back = np.moveaxis(fitted.reshape(np.moveaxis(view.residual, axes, last).shape), last, axes)
    return bool(view.close(view.true + view.residual, view.true + back).all())


def _along(claims: Array, lines: Array) -> bool:
    """Whether each line of the claim is a multiple of that of an array."""
    product, size = (claims * lines).sum(axis=1), (claims**2).sum(axis=1) * (lines**2).sum(axis=1)
    return bool(np.all(within(size - product**2, NOTICED * size)))


def _across(truths: Array, lines: Array) -> bool:
    """Whether the true gradient is orthogonal to each line: normalising makes it so, for scale or for shift."""
    product, size = (truths * lines).sum(axis=1), np.sqrt((truths**2).sum(axis=1) * (lines**2).sum(axis=1))
    return bool(np.all(within(np.abs(product), NOTICED * size.max(initial=0.0) + GONE)))


def missing_projection(view: View) -> Iterator[Claim]:
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
                    costs.MANY
                    + costs.PROJECTION_OFFSET * offset
                    + costs.PROJECTION_SCALED * scaled
                    + costs.OUTPUT * feature.output,
                    partial(spanned, feature=feature, axes=axes, offset=offset, scaled=scaled),
                    open_ends=1 + offset + scaled,
                )


def lost(view: View) -> bool | None:
    """Whether every contribution is either right or gone, some of each, to entries that several outputs feed."""
    claim, true = view.claim_rows, view.true_rows
    if claim is None or true is None or not view.fits:
        return None
    filled = np.where(view.known_rows, true, 0)
    right = view.rows_close(claim, filled)
    gone = within(np.abs(claim), GONE * np.abs(filled).max(initial=0.0)) & ~right
    if not (right | gone).all():
        return False
    if not gone.any():
        return None
    fed = (filled != 0).sum(axis=0)
    kept = ((filled != 0) & right).sum(axis=0)
    hit = gone.any(axis=0)
    # an entry that keeps nothing is a region where the gradient is missing, which is another pattern
    return bool(((kept > 0) & (fed > 1))[hit].any())


def lost_contributions(view: View) -> Iterator[Claim]:
    """Entry by entry of the map, right or zero."""
    if lost(view):
        yield Claim(
            f"of the contributions to the gradient of `{view.name}` some are lost and the others right: assigned where "
            "they should be added up (`=` for `+=`), or a loop that leaves some out",
            costs.PART,
            lost,
            open_ends=1,
        )
