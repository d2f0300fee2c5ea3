"""Pooling over windows of the last one or two axes: the largest entry, the mean."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray, IntegerArray
from ._checks import per_axis
from ._windows import Windows, lay_windows

SPATIAL = {1: "length", 2: "height, width"}


def pooling_windows(
    op: Callable[..., object],
    x: FloatArray,
    axes: int,
    kernel_size: object,
    stride: object,
    padding: object,
    dilation: object = 1,
    *,
    ceil_mode: bool,
) -> Windows:
    """Where the windows of a pooling lie; a sentence where `x` or an option does not fit."""
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(
            f"{op.__name__}: x must be (n, c, {SPATIAL[axes]}) or (c, {SPATIAL[axes]}), but its shape is {x.shape}"
        )
    size = per_axis(op, "kernel_size", kernel_size, axes, 1)
    steps = size if stride is None else per_axis(op, "stride", stride, axes, 1)
    around = per_axis(op, "padding", padding, axes, 0)
    apart = per_axis(op, "dilation", dilation, axes, 1)
    if any(2 * p > k for p, k in zip(around, size, strict=True)):
        raise ValueError(
            f"{op.__name__}: padding must be at most half of kernel_size, but it is {padding!r} with "
            f"kernel_size={kernel_size!r}"
        )
    return lay_windows(op, x.shape[x.ndim - axes :], size, steps, around, apart, ceil_mode=ceil_mode)


def largest(x: FloatArray, windows: Windows) -> tuple[FloatArray, IntegerArray]:
    """The largest entry of each window and the number of its place there, row by row; the first of several."""
    padded = windows.padded(x, -np.inf)
    y = np.full((*x.shape[: x.ndim - len(windows.size)], *windows.count), -np.inf, x.dtype)
    winner = np.zeros(y.shape, np.min_scalar_type(math.prod(windows.size)))
    for number, place in enumerate(windows.places):
        entries = np.ascontiguousarray(padded[place])  # strided, it would be read slowly twice
        larger = (entries > y).view(np.uint8)
        np.maximum(winner, larger * winner.dtype.type(number), out=winner)  # numbers grow, so the last larger one wins
        np.maximum(y, entries, out=y)
    return y, winner


def to_the_largest(dy: FloatArray, winner: IntegerArray, windows: Windows) -> FloatArray:
    """dx: every entry of `x` collects dy of the windows that it is the largest of."""
    dx = np.zeros((*dy.shape[: dy.ndim - len(windows.size)], *windows.padded_extent), dy.dtype)
    overlap = windows.overlap
    for number, place in enumerate(windows.places):
        share = dy * (winner == number)
        if overlap:
            dx[place] += share
        else:
            np.add(share, 0.0, out=dx[place])  # no entry is -0.0
    return np.ascontiguousarray(dx[windows.inside])


def window_sums(x: FloatArray, windows: Windows) -> FloatArray:
    """The sum over each window, padding counting as zero."""
    padded = windows.padded(x)
    y = np.zeros((*x.shape[: x.ndim - len(windows.size)], *windows.count), x.dtype)
    for place in windows.places:
        y += padded[place]
    return y


def to_all(dsum: FloatArray, windows: Windows) -> FloatArray:
    """dx where y is the sum over each window: every entry collects dsum of the windows that it lies in."""
    dx = np.zeros((*dsum.shape[: dsum.ndim - len(windows.size)], *windows.padded_extent), dsum.dtype)
    overlap = windows.overlap
    for place in windows.places:
        if overlap:
            dx[place] += dsum
        else:
            dx[place] = dsum
    return np.ascontiguousarray(dx[windows.inside])


def entries_counted(windows: Windows, *, include_padding: bool) -> npt.NDArray[np.int64]:
    """By how many entries the sum over each window is divided.

    With padding, those up to the end of the padding; what a last window covers beyond it (`ceil_mode`) never
    counts.
    """
    total: npt.NDArray[np.int64] = np.ones((), np.int64)
    for length, k, s, p, count in zip(
        windows.extent, windows.size, windows.stride, windows.padding, windows.count, strict=True
    ):
        start = np.arange(count) * s - p
        end = np.minimum(start + k, length + p)
        if not include_padding:
            start, end = np.maximum(start, 0), np.minimum(end, length)
        total = np.multiply(total[..., None], end - start)
    return total
