"""The gradient has another shape than its argument."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from ._contributions import contributions, subsets, summed_axes, totals


def is_empty(view: View) -> bool | None:
    """Nothing in it, although the argument is not empty."""
    return view.raw is not None and not view.raw.size and view.array.size > 0


def empty(view: View) -> Iterator[Claim]:
    """Nothing in it."""
    if is_empty(view):
        yield Claim(
            f"the gradient of `{view.name}` is empty: a slice such as [a:-b] with b = 0, or a range that "
            "ends too early",
            costs.NOTHING,
            is_empty,
        )


def unsummed(view: View) -> tuple[int, ...] | None:
    """The axes that are summed in truth and not in what was returned."""
    parts = contributions(view)
    if parts is None or view.fits:
        return None
    needed = summed_axes(view, parts)
    for axes in subsets(parts.ndim):
        if needed and set(axes) < set(needed) and any(view.gives(total) for total in totals(parts, axes)):
            return tuple(axis for axis in needed if axis not in axes)
    return None


def summed_outside(view: View) -> tuple[int, ...] | None:
    """The axes of what was returned over which it adds up to the truth."""
    raw = view.raw
    if raw is None or view.fits or not raw.size or not view.known.all():
        return None
    for axes in subsets(raw.ndim) if raw.ndim < 6 else ():
        total = raw.sum(axis=axes)
        if axes and total.size == view.true.size and view.close(total.reshape(view.true.shape), view.true).all():
            return axes
    return None


def axis_not_summed(view: View) -> Iterator[Claim]:
    """The contributions of the outputs, summed over fewer axes."""
    axes = unsummed(view)
    if axes:
        labels = view.sample.output_labels(0)
        named = " and ".join(axis_words(view.sample, labels, axis) for axis in axes)
        yield Claim(
            f"`{view.name}` is broadcast in the forward, and its gradient is not summed over {named}",
            costs.NOTHING,
            lambda v: unsummed(v) is not None or (None if 1 in v.sample.outputs[0].shape else False),
        )
    elif axes is None and summed_outside(view):
        listed = " and ".join(map(str, summed_outside(view) or ()))
        yield Claim(
            f"the gradient of `{view.name}` is not summed over axis {listed} of what is returned, and right otherwise",
            costs.RAGGED_SUM,
            lambda v: summed_outside(v) is not None or (None if v.raw is not None and 1 in v.raw.shape else False),
        )


def stands_once(view: View) -> bool | None:
    """Whether what was returned becomes the gradient by broadcasting alone."""
    raw = view.raw
    if raw is None or view.fits or raw.size >= view.array.size or not view.known.all():
        return False if view.fits else None
    try:
        grown = np.broadcast_to(raw, view.array.shape)
    except ValueError:
        return False
    return bool(view.close(grown, view.true).all())


def not_expanded(view: View) -> Iterator[Claim]:
    """The right numbers once, instead of repeated."""
    if stands_once(view):
        yield Claim(
            f"the gradient of `{view.name}` is not expanded to its shape: the numbers are right, but each stands once "
            "where the forward used it along a whole axis",
            costs.NOTHING,
            stands_once,
        )


def has_fewer_axes(view: View) -> bool | None:
    """An axis too few."""
    raw = view.raw
    if raw is None or raw.size != view.array.size or raw.ndim >= view.array.ndim or not view.known.all():
        return False
    return bool(view.close(raw.reshape(view.array.shape), view.true).all())


def has_more_axes(view: View) -> bool | None:
    """An axis too many."""
    raw = view.raw
    if raw is None or raw.size != view.array.size or raw.ndim <= view.array.ndim or not view.known.all():
        return False
    return bool(view.close(raw.reshape(view.array.shape), view.true).all())


def keepdims(view: View) -> Iterator[Claim]:
    """A reduction without keepdims."""
    if has_fewer_axes(view):
        yield Claim(
            f"a reduction dropped an axis of size 1 of the gradient of `{view.name}` (keepdims); its numbers are right",
            costs.NOTHING,
            has_fewer_axes,
        )


def extra_axis(view: View) -> Iterator[Claim]:
    """An axis that the input does not have."""
    if has_more_axes(view):
        yield Claim(
            f"the gradient of `{view.name}` has an axis of size 1 that `{view.name}` has not; its numbers are right",
            costs.NOTHING,
            has_more_axes,
        )


def shaped_like(view: View, place: int, output: bool) -> bool:
    """Whether what was returned has the shape of another array, and not of its input, but for axes of size 1."""
    other = (view.sample.outputs if output else view.sample.inputs)[place]
    return has_shape_of(view, other)


def kept_like(view: View, name: str) -> bool | None:
    """The same of an array that the backward keeps."""
    array = view.sample.kept.get(name)
    return None if array is None else has_shape_of(view, array)


def has_shape_of(view: View, other: Array) -> bool:
    """Whether it has the shape of this array, or of its transpose."""
    if view.raw is None or view.fits:
        return False
    found, wanted = np.squeeze(view.raw).shape, np.squeeze(other).shape
    return found in (wanted, wanted[::-1])


def other_shape(view: View) -> Iterator[Claim]:
    """Another input's shape, or an output's; any cause that accounts for the numbers too is preferred."""
    if view.raw is None or view.fits or not view.raw.size:
        return
    for place, name in enumerate(view.sample.names):
        if place != view.position:
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`",
                costs.LIKE_AN_INPUT,
                partial(shaped_like, place=place, output=False),
                open_ends=2,
                loose=True,
            )
    for name in view.sample.kept:
        if kept_like(view, name):
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`, which the backward keeps",
                costs.LIKE_KEPT,
                partial(kept_like, name=name),
                open_ends=2,
                loose=True,
            )
    for place, name in enumerate(view.sample.output_names):
        yield Claim(
            f"the gradient of `{view.name}` is made with the shape of the output `{name}`",
            costs.LIKE_AN_OUTPUT,
            partial(shaped_like, place=place, output=True),
            open_ends=2,
            loose=True,
        )
