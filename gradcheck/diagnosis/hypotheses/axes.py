"""The right numbers along the wrong axes or at the wrong places: transposed, summed elsewhere, shifted, reordered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, blocks
from gradcheck.diagnosis.limits import MEASURED, NEGLIGIBLE, NOTICED, SUMMED_OFF
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ._contributions import contributions, subsets, summed_axes, totals


def transposed(view: View) -> Iterator[Claim]:
    """Two axes swapped, or all reversed; in the shape that this gives."""
    for first in range(view.array.ndim):
        for second in range(first + 1, view.array.ndim):

            def holds(v: View, first: int = first, second: int = second) -> bool | None:
                turned = np.swapaxes(v.true, first, second)
                return None if v.array.ndim <= second or not v.known.all() else v.gives(turned)

            axes = "" if view.array.ndim == 2 else f": axes {first} and {second} are swapped"
            yield Claim(f"the gradient of `{view.name}` is transposed{axes}", costs.NOTHING, holds)


def taken(view: View) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The axes summed, and those that should be."""
    parts = contributions(view)
    needed = None if parts is None else summed_axes(view, parts)
    if parts is None or not needed:
        return None
    for axes in subsets(parts.ndim):
        if not set(axes) <= set(needed) and any(view.gives(total) for total in totals(parts, axes)):
            return axes, needed
    return None


def mixed(view: View, axis: int) -> bool | None:
    """Whether the claimed gradient of one slice depends on another slice, and the true one does not."""
    if axis >= view.array.ndim or 1 in view.array.shape or view.array.dtype.kind != "f" or not view.fits:
        return None
    sample = view.sample
    moved = np.array(view.array)
    first = (slice(None),) * axis + (0,)
    moved[first] = moved[first] * 1.375 + 0.0625
    rest = (slice(None),) * axis + (slice(1, None),)
    inputs = [moved if place == view.position else x for place, x in enumerate(sample.inputs)]
    answer = sample.trial.pull(sample.trial.cotangents, inputs)
    if answer is None or answer[view.position] is None:
        return None
    found = np.asarray(answer[view.position])
    there = np.where(np.isfinite(found), found, 0)
    if view.close(np.asarray(there), view.claimed)[rest].all():
        return False
    slopes = sample.elsewhere(view.position, inputs, only=rest)
    here = sample.elsewhere(view.position, sample.inputs, only=rest)
    if not slopes or not here:
        return None
    digits = half_digits(view)
    return all(
        bool(within(abs(a[0] - b[0]), MEASURED * (a[1] + b[1]) + digits * (a[3] + b[3])))
        for a, b in zip(slopes, here, strict=True)
    )


def leaks(view: View, axis: int) -> bool | None:
    """Whether the cotangent at one place along an axis reaches the gradient at another, which in truth it does not."""
    found = blocks(view)
    if found is None or len(found) != 1 or not found[0].square or view.array.shape[axis] < 2:
        return None
    block, shape = found[0], [1] * found[0].claim.ndim
    shape[axis] = shape[block.first + axis] = view.array.shape[axis]
    apart = 1 - np.eye(view.array.shape[axis]).reshape(shape)
    largest = np.abs(block.true).max(initial=0.0)
    if not largest or not np.isfinite(block.claim).all():
        return None
    if not np.all(within(np.abs(block.true * apart), NEGLIGIBLE * largest)):
        return False
    return not bool(np.all(within(np.abs(block.claim * apart), NOTICED * largest)))


def same_total(view: View) -> bool | None:
    """Whether what was returned, of another shape, adds up to the same as the truth: one sum over another axis."""
    raw = view.raw
    if view.fits or raw is None or not raw.size or not view.known.all() or raw.ndim != view.array.ndim:
        return False
    differ = [axis for axis in range(raw.ndim) if raw.shape[axis] != view.array.shape[axis]]
    if raw.ndim > 1 and not (len(differ) == 2 and 1 in raw.shape and 1 in view.array.shape):
        return None if 1 in (*raw.shape, *view.array.shape) else False
    size = half_digits(view) * max(float(np.abs(raw).sum()), float(np.abs(view.true).sum()))
    return bool(within(float(np.abs(raw.sum() - view.true.sum())), SUMMED_OFF * size))


def wrong_axis(view: View) -> Iterator[Claim]:
    """Contributions summed over other axes; slices mixed that have nothing to do with one another."""
    axes = taken(view)
    if axes:
        labels = view.sample.output_labels(0)
        named, wanted = (
            " and ".join(axis_words(view.sample, labels, axis) for axis in part) or "none" for part in axes
        )
        yield Claim(
            f"the gradient of `{view.name}` is summed over {named} instead of {wanted}",
            costs.NOTHING,
            lambda v: taken(v) is not None or (None if 1 in v.sample.outputs[0].shape else False),
        )
    elif axes is None and same_total(view):
        yield Claim(
            f"the gradient of `{view.name}` is summed over a wrong axis: it has another shape and adds up to the same",
            costs.SAME_TOTAL,
            same_total,
            open_ends=1,
        )
    for axis in range(view.array.ndim):
        if leaks(view, axis):
            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the cotangent at one place along {words} reaches the gradient of `{view.name}` at other "
                "places along it, "
                "and in truth it does not: a sum or mean runs over this axis",
                costs.SORT,
                partial(leaks, axis=axis),
                open_ends=1,
                loose=True,
            )
        if mixed(view, axis):
            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the gradient of `{view.name}` at one place along {words} depends on its values at other places "
                "along it, and the right one does not: a sum, mean or maximum runs over this axis too",
                costs.SORT,
                partial(mixed, axis=axis),
                open_ends=1,
                loose=True,
            )


def rolled(array: Array, step: int, axis: int, around: bool) -> Array:
    """Moved by ``step`` along an axis; what comes in at the end is from the other end, or zero."""
    moved = np.roll(array, step, axis)
    if not around:
        edge = slice(None, step) if step > 0 else slice(step, None)
        moved[(slice(None),) * axis + (edge,)] = 0
    return moved


def _shifted_gradient(view: View) -> Iterator[Claim]:
    """One or two places forward or back, around the end or not."""
    for axis in range(view.array.ndim):
        for step in (1, -1, 2, -2):
            for around in (False, True):

                def holds(v: View, axis: int = axis, step: int = step, around: bool = around) -> bool | None:
                    if axis >= v.array.ndim or v.array.shape[axis] <= abs(step) or not v.known.all():
                        return None
                    return v.explained(rolled(v.true, step, axis, around))

                words = axis_words(view.sample, view.labels, axis)
                yield Claim(
                    f"the gradient of `{view.name}` is shifted by {abs(step)} along {words}: an index is off by "
                    f"{abs(step)}, or an array is read before it is written",
                    costs.ONE,
                    holds,
                )


def _shifted_rows(view: View) -> Iterator[Claim]:
    """The cotangent read beside its place: the map with its outputs shifted."""
    if view.claim_rows is None or len(view.sample.outputs) != 1:
        return
    for axis in range(view.sample.outputs[0].ndim):
        for step in (1, -1, 2, -2):

            def holds(v: View, axis: int = axis, step: int = step) -> bool | None:
                if v.sample.outputs[0].shape[axis] <= abs(step):
                    return None

                def predict(block: Block, _: int, around: bool = True) -> Array:
                    return rolled(block.true, step, axis, around)

                return rows_explained(v, predict) or rows_explained(v, lambda b, n: predict(b, n, around=False))

            words = axis_words(view.sample, view.sample.output_labels(0), axis)
            yield Claim(
                f"the cotangent is read {abs(step)} place{'s' if abs(step) > 1 else ''} off along {words} "
                "in the gradient "
                f"of `{view.name}`",
                costs.ONE_ODD,
                holds,
            )


def shifted(view: View) -> Iterator[Claim]:
    """Of the gradient, then of the cotangent."""
    yield from _shifted_gradient(view)
    yield from _shifted_rows(view)


def _reordered_gradient(view: View) -> Iterator[Claim]:
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
            if not v.known.all():
                return None
            moved = order(v.true)
            turned = moved.ndim > 1 and moved.shape == v.true.T.shape and np.array_equal(moved, v.true.T)
            return None if turned else v.explained(moved)  # a transpose, of a square, is another pattern

        yield Claim(
            f"the gradient of `{view.name}` is {words}: a reshape where a transpose is meant, or a flip",
            costs.ONE,
            holds,
        )


def misplaced(view: View) -> bool | None:
    """Whether each output contributes the right numbers, and some of them to wrong entries."""
    claim, true = view.claim_rows, view.true_rows
    if claim is None or true is None or not view.fits or not view.known_rows.all() or view.array.size < 2:
        return None
    if view.rows_close(claim, true).all():
        return None
    return bool(view.rows_close(np.sort(claim, axis=1), np.sort(true, axis=1)).all())


def _reordered_rows(view: View) -> Iterator[Claim]:
    """Output by output."""
    if misplaced(view):
        yield Claim(
            f"each output contributes the right numbers to the gradient of `{view.name}`, but to wrong "
            "entries of it: an "
            "index is computed wrongly",
            costs.RIGHT_NUMBERS,
            misplaced,
            open_ends=1,
        )


def reordered(view: View) -> Iterator[Claim]:
    """Of the gradient, then of its map."""
    yield from _reordered_gradient(view)
    yield from _reordered_rows(view)
