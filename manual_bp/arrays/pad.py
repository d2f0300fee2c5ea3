"""A border around an array, and the backward pass."""

import math
from collections.abc import Callable
from numbers import Integral

import numpy as np
import numpy.typing as npt

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array, one_of

MODES = ("constant", "reflect", "replicate", "circular")


@signature("(m,n)->(_,_)")
def pad(
    x: FloatArray, *, pad: tuple[int, ...], mode: str = "constant", value: float = 0.0
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """`x` with a border: `pad` holds before and after for the last axis, then for the last but one, and so on.

    The border is filled with `value`, or as `mode` says with what is in x: "reflect" mirrors it about the
    outermost entry, "replicate" repeats that entry, "circular" goes on at the other end. A number below 0 cuts
    off instead (in mode "constant" only).

    Derivation. Every y is a constant or a copy of an entry, so an entry gathers the gradients of all its
    copies. Borders are made axis by axis, and along an axis each place of y has one source: dy is added to its
    source, axis by axis in the opposite order.

    The closure keeps the sources, one number for each place along an axis, and the shapes.

    Raises TypeError when `x` is not a floating array or an option not of its kind, and ValueError when `pad`
    does not fit the axes of `x` or the mode; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = pad(np.array([1.0, 2.0, 3.0]), pad=(2, 1), mode="reflect")
    >>> y
    array([3., 2., 1., 2., 3., 2.])
    >>> vjp(np.array([1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0]))
    (array([1.0000e+02, 1.0101e+05, 1.0001e+04]),)
    """
    x = float_array(_op, x)
    widths = _widths(x, pad)
    one_of(_op, "mode", mode, MODES)
    fill = finite_number(_op, "value", value)
    borders = [(axis, before, _sources(x.shape[axis], before, after, mode)) for axis, (before, after) in widths.items()]
    y = x if borders else x.copy()
    for axis, before, source in borders:
        y = _with_border(y, axis, before, source, fill)
    shape, lengths, dtype = y.shape, x.shape, x.dtype

    def pad_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(_op, dy, shape, dtype)
        dx = dy if borders else dy.copy()
        for axis, before, source in reversed(borders):
            dx = _gathered(dx, axis, before, source, lengths[axis])
        return (dx,)

    return y, pad_vjp


_op = pad  # inside `pad` its name is that of the widths


def _with_border(x: FloatArray, axis: int, before: int, source: npt.NDArray[np.intp], fill: float) -> FloatArray:
    """`x` longer along the axis: its own entries as a block, those of the border one place at a time."""
    y = np.full((*x.shape[:axis], len(source), *x.shape[axis + 1 :]), fill, x.dtype)
    inner, of_x = _inner(before, len(source), x.shape[axis])
    y[_along(axis, inner)] = x[_along(axis, of_x)]
    for place in _border(inner, source):
        y[_along(axis, place)] = x[_along(axis, source[place])]
    return y


def _gathered(dy: FloatArray, axis: int, before: int, source: npt.NDArray[np.intp], size: int) -> FloatArray:
    """The gradient of what `_with_border` was given: each place of the border adds to its source."""
    dx = np.zeros((*dy.shape[:axis], size, *dy.shape[axis + 1 :]), dy.dtype)
    inner, of_x = _inner(before, len(source), size)
    dx[_along(axis, of_x)] = dy[_along(axis, inner)]
    for place in _border(inner, source):
        dx[_along(axis, source[place])] += dy[_along(axis, place)]
    return dx


def _along(axis: int, where: int | slice) -> tuple[int | slice, ...]:
    """The index of these places along the axis, of all along those before it."""
    return (*[slice(None)] * axis, where)


def _inner(before: int, length: int, size: int) -> tuple[slice, slice]:
    """Where the entries that stay are: in the longer axis, and in that of x."""
    start = max(before, 0)
    stop = max(start, min(before + size, length))
    return slice(start, stop), slice(start - before, stop - before)


def _border(inner: slice, source: npt.NDArray[np.intp]) -> list[int]:
    """The places of the longer axis that are copies."""
    return [place for place in (*range(inner.start), *range(inner.stop, len(source))) if source[place] >= 0]


def _widths(x: FloatArray, pad: tuple[int, ...]) -> dict[int, tuple[int, int]]:
    """Before and after by axis, of those that get a border."""
    if not isinstance(pad, tuple | list) or not all(isinstance(width, Integral) for width in pad):
        raise TypeError(f"pad: pad must be a tuple of integers, but it is {pad!r}")
    if len(pad) % 2 or len(pad) > 2 * x.ndim:
        raise ValueError(f"pad: pad must hold two numbers for each of at most {x.ndim} axes, but it holds {len(pad)}")
    pairs = zip(range(x.ndim - 1, -1, -1), pad[::2], pad[1::2], strict=False)
    return {axis: (int(before), int(after)) for axis, before, after in pairs if before or after}


def _sources(size: int, before: int, after: int, mode: str) -> npt.NDArray[np.intp]:
    """Where along an axis of this size each place of the longer one comes from; -1 for none."""
    if size + before + after < 0:
        raise ValueError(f"pad: {before} and {after} cut off more than the {size} entries along an axis")
    place = np.arange(-before, size + after)
    if mode == "constant":
        return np.where((place >= 0) & (place < size), place, -1)
    longest = {"reflect": size - 1, "replicate": math.inf if size else 0, "circular": size}[mode]
    if min(before, after) < 0 or max(before, after) > longest:
        raise ValueError(
            f"pad: mode {mode!r} can add 0 to {longest} at an axis of {size}, but pad says {before}, {after}"
        )
    if mode == "replicate":
        return np.clip(place, 0, size - 1)
    if mode == "circular":
        return np.asarray(place % size)
    return np.asarray(size - 1 - np.abs(size - 1 - np.abs(place)))
