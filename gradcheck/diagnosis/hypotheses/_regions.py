"""Where in an argument something may be wrong and elsewhere not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.known.along import aligned
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

Mask = Callable[[View], Array | None]


@dataclass(frozen=True)
class Region:
    """A part of an argument, with the name of the cause that it stands for.

    ``mask`` may read the wrong entries off the view where a region has a free end (a threshold, the start of a tail):
    it then is the smallest such region that holds them. A ``read_off`` one was chosen once, from what is wrong at the
    first example: that it stays so is less telling than that the gradient is off by one factor there.
    """

    name: str
    words: str
    cost: float
    mask: Mask
    loose: bool = False
    read_off: bool = False


def regions(view: View) -> Iterator[Region]:
    """Every region that this argument can have."""
    x = view.name
    yield Region("at-zeros", f"where `{x}` is 0", costs.AT_ZEROS, lambda v: v.array == 0)
    yield from _of_partners(view)
    yield Region("at-ties", f"where `{x}` has ties", costs.SLICE, tied)
    yield from _matching(view)
    yield Region("at-borders", f"at the borders of `{x}`, where the op changes its rule", costs.SLICE, at_border)
    yield Region("negative", f"where `{x}` is negative", costs.BY_SIGN, lambda v: _real(v) < 0)
    yield Region("positive", f"where `{x}` is positive", costs.BY_SIGN, lambda v: _real(v) > 0)
    yield from _by_index(view)
    yield from _along(view)
    if view.array.ndim >= 2:
        yield Region(
            "off-diagonal",
            f"off the diagonal of `{x}`",
            costs.OFF_DIAGONAL,
            lambda v: _triangle(v, lambda i, j: i != j),
        )
        yield Region(
            "off-diagonal", f"below the diagonal of `{x}`", costs.SLICE, lambda v: _triangle(v, lambda i, j: i > j)
        )
        yield Region(
            "off-diagonal", f"above the diagonal of `{x}`", costs.SLICE, lambda v: _triangle(v, lambda i, j: i < j)
        )
        yield Region("diagonal", f"on the diagonal of `{x}`", costs.SLICE, lambda v: _triangle(v, lambda i, j: i == j))
    yield Region("saturated", f"where `{x}` is far from 0", costs.BEYOND, lambda v: _beyond(v, np.abs), loose=True)
    yield Region(
        "saturated", f"where `{x}` is large", costs.BEYOND_SIGNED, lambda v: _beyond(v, lambda a: a), loose=True
    )
    yield Region(
        "saturated", f"where `{x}` is small", costs.BEYOND_SIGNED, lambda v: _beyond(v, lambda a: -a), loose=True
    )
    yield Region(
        "saturated",
        f"where `{x}` is close to 0",
        costs.BEYOND_SIGNED,
        lambda v: _beyond(v, lambda a: -np.abs(a)),
        loose=True,
    )


def _real(view: View) -> Array:
    return np.asarray(view.array.real)


def tied(view: View) -> Array:
    """Entries that have an equal in their line along some axis."""
    found = np.zeros(view.array.shape, bool)
    for axis in range(view.array.ndim):
        lines = np.moveaxis(view.array, axis, -1)
        equal = (lines[..., :, None] == lines[..., None, :]).sum(axis=-1) > 1
        found |= np.moveaxis(equal, -1, axis)
    return found


def at_border(view: View) -> Array | None:
    """Entries that are one of the borders of the case."""
    values = view.sample.borders.get(view.name)
    return None if not values else np.isin(view.array, list(values))


def _of_partners(view: View) -> Iterator[Region]:
    """Where another input, or an output, is 0."""
    for place, name in enumerate(view.sample.names):
        if place != view.position:
            yield Region("at-zeros", f"where `{name}` is 0", costs.SLICE, partial(_partner_is, place=place, value=0))
    for place, name in enumerate(view.sample.output_names):
        yield Region(
            "at-zeros", f"where the output `{name}` is 0", costs.FLAT_TAIL, partial(_output_is, place=place, value=0)
        )


def _partner_is(view: View, place: int, value: float) -> Array | None:
    array, labels = view.sample.inputs[place], view.sample.labels(place)
    laid = aligned(array, labels, view.labels, 0, inside=True)
    return None if laid is None else np.broadcast_to(laid == value, view.array.shape)


def _output_is(view: View, place: int, value: float) -> Array | None:
    if place >= len(view.sample.outputs):
        return None
    laid = aligned(view.sample.outputs[place], view.sample.output_labels(place), view.labels, 0, inside=True)
    return None if laid is None else np.broadcast_to(laid == value, view.array.shape)


def _matching(view: View) -> Iterator[Region]:
    """Where an input equals another one, entry by entry or along the axes that the other one has."""
    for place, name in enumerate(view.sample.names):
        if place != view.position and view.sample.inputs[place].dtype.kind != "b":
            equal = partial(_equals, place=place)
            yield Region("at-ties", f"where `{view.name}` equals `{name}`", costs.SLICE, equal)


def _equals(view: View, place: int) -> Array | None:
    array, labels = view.sample.inputs[place], view.sample.labels(place)
    laid = aligned(array, labels, view.labels, 0, inside=True)
    return None if laid is None else np.broadcast_to(view.array == laid, view.array.shape)


def _by_index(view: View) -> Iterator[Region]:
    """Integer inputs as indices into an axis, or as masks beside the argument."""
    for place, array in enumerate(view.sample.inputs):
        if array.dtype.kind not in "iub":
            continue
        name = view.sample.names[place]
        for axis in range(view.array.ndim):

            def repeated(v: View, place: int = place, axis: int = axis) -> Array | None:
                return _named_often(v, place, axis)

            yield Region("duplicates", f"where an index stands more than once in `{name}`", costs.BY_INDEX, repeated)

        def beside(v: View, place: int = place) -> Array | None:
            ids = v.sample.inputs[place]
            values, counts = np.unique(ids, return_counts=True)
            laid = aligned(np.isin(ids, values[counts > 1]), v.sample.labels(place), v.labels, 0, inside=True)
            return None if laid is None else np.broadcast_to(laid, v.array.shape)

        if array.dtype.kind in "iu":
            yield Region("duplicates", f"where `{name}` repeats an index", costs.BESIDE_INDEX, beside)
            yield from _again(place, name)
            if not view.array.ndim:
                yield Region(
                    "duplicates", f"where `{name}` repeats an index", costs.BY_INDEX, partial(_any_twice, place=place)
                )
        for value in np.unique(array)[:4]:

            def chosen(v: View, place: int = place, value: float = float(value)) -> Array | None:
                return _partner_is(v, place, value)

            yield Region("masked", f"where `{name}` is {value}", costs.BESIDE_INDEX, chosen)


def _again(place: int, name: str) -> Iterator[Region]:
    """Beside an index that comes again later, or came before."""
    for later, words in ((True, "comes again later"), (False, "came before")):

        def mask(v: View, place: int = place, later: bool = later) -> Array | None:
            ids = v.sample.inputs[place]
            flat = ids.ravel()
            same = flat[:, None] == flat[None, :]
            order = np.triu(same, 1) if later else np.tril(same, -1)
            laid = aligned(order.any(axis=1).reshape(ids.shape), v.sample.labels(place), v.labels, 0, inside=True)
            return None if laid is None else np.broadcast_to(laid, v.array.shape)

        yield Region("duplicates", f"where the index in `{name}` {words}", costs.BESIDE_INDEX, mask)


def _any_twice(view: View, place: int) -> Array:
    ids = view.sample.inputs[place]
    return np.full(view.array.shape, np.unique(ids).size < ids.size)


def _named_often(view: View, place: int, axis: int) -> Array | None:
    ids = view.sample.inputs[place]
    if axis >= view.array.ndim or ids.dtype.kind not in "iu" or not ids.size or ids.min() < 0:
        return None
    counts = np.bincount(ids.ravel(), minlength=view.array.shape[axis])
    if counts.size != view.array.shape[axis]:
        return None
    shape = [1] * view.array.ndim
    shape[axis] = counts.size
    return np.broadcast_to((counts > 1).reshape(shape), view.array.shape)


def _along(view: View) -> Iterator[Region]:
    """Slices along each axis: the first, the last, both, all but the first, a tail."""
    for axis in range(view.array.ndim):
        words = axis_words(view.sample, view.labels, axis)
        x = view.name
        for name, text, cost, pick in (
            ("first-row", f"at the first index along {words} of `{x}`", costs.SLICE, lambda i, n: i == 0),
            ("last-row", f"at the last index along {words} of `{x}`", costs.SLICE, lambda i, n: i == n - 1),
            ("at-ends", f"at both ends of {words} of `{x}`", costs.ENDS, lambda i, n: (i == 0) | (i == n - 1)),
            ("beyond-first", f"beyond the first index along {words} of `{x}`", costs.ENDS, lambda i, n: i > 0),
        ):
            yield Region(name, text, cost, partial(_slices, axis=axis, pick=pick))
        yield from _at_indices(view, axis)
        yield Region(
            "last-block",
            f"at the end of {words} of `{x}` (the last block)",
            costs.TAIL,
            partial(_tail, axis=axis),
            loose=True,
        )
        yield Region(
            "first-block", f"at the start of {words} of `{x}`", costs.HEAD, partial(_head, axis=axis), loose=True
        )
    if view.array.ndim > 1:
        yield Region(
            "last-block", f"at the end of `{view.name}`, read row by row", costs.FLAT_TAIL, _flat_tail, loose=True
        )


def _at_indices(view: View, axis: int) -> Iterator[Region]:
    """The indices along an axis at which something is wrong here: any, where the axis has a fixed size, else one.

    The first, the last, both, and all but the first are regions of their own.
    """
    size, apart = view.array.shape[axis], tuple(other for other in range(view.array.ndim) if other != axis)
    found = [int(index) for index in np.flatnonzero(view.wrong.any(axis=apart))]
    known: tuple[list[int], ...] = ([], [0], [size - 1], [0, size - 1], list(range(1, size)), list(range(size)))
    fixed = view.labels[axis].isdecimal()
    if found in known or not (fixed or len(found) == 1):
        return
    block = len(found) > 1 and found == list(range(found[0], found[-1] + 1))
    place = f"{found[0]}:{found[-1] + 1}" if block else str(found[0]) if len(found) == 1 else str(found)
    indices = ", ".join([":"] * axis + [place] + [":"] * (view.array.ndim - axis - 1))
    here = partial(_slices, axis=axis, pick=lambda i, _: np.isin(i, found))
    yield Region("at-index", f"at `{view.name}[{indices}]`", costs.SLICE, here, read_off=True)


def _index(view: View, axis: int) -> Array:
    shape = [1] * view.array.ndim
    shape[axis] = view.array.shape[axis]
    return np.broadcast_to(np.arange(view.array.shape[axis]).reshape(shape), view.array.shape)


def _slices(view: View, axis: int, pick: Callable[[Array, int], Array]) -> Array | None:
    if axis >= view.array.ndim or view.array.shape[axis] < 2:
        return None
    return np.asarray(pick(_index(view, axis), view.array.shape[axis]))


def _tail(view: View, axis: int) -> Array | None:
    if axis >= view.array.ndim or not view.wrong.any():
        return None
    index = _index(view, axis)
    return np.asarray(index >= index[view.wrong].min())


def _head(view: View, axis: int) -> Array | None:
    if axis >= view.array.ndim or not view.wrong.any():
        return None
    index = _index(view, axis)
    return np.asarray(index <= index[view.wrong].max())


def _flat_tail(view: View) -> Array | None:
    if not view.wrong.any():
        return None
    return np.asarray(np.arange(view.array.size).reshape(view.array.shape) >= np.flatnonzero(view.wrong).min())


def _triangle(view: View, pick: Callable[[Array, Array], Array]) -> Array | None:
    if view.array.ndim < 2:
        return None
    i, j = _index(view, view.array.ndim - 2), _index(view, view.array.ndim - 1)
    return np.asarray(pick(i, j))


def _beyond(view: View, measure: Callable[[Array], Array]) -> Array | None:
    if not view.wrong.any() or view.array.dtype.kind != "f":
        return None
    size = measure(view.array)
    return np.asarray(size >= size[view.wrong].min())
