"""The three maps of a convolution, each a matrix product over columns of window entries.

All convolutions rest on one sum that is linear in each of three arrays,

    sum over n, o, p, c, k of  dy[n, o, p] weight[o, c, k] x[n, c, p stride + k dilation - padding]

with p the place of a window, k a place inside it, and x zero outside its axes. What multiplies one of the three
arrays is its gradient where the other two are given:

- `correlate`        x, weight -> y     the value of conv1d and conv2d
- `spread`           dy, weight -> dx   the value of conv_transpose2d
- `weight_gradient`  x, dy -> dweight

With groups, c and o run over one group at a time. Samples are taken in blocks whose columns fit a processor's
cache; that also bounds the memory, which would else be that of `x` times the entries of a window.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .._typing import FloatArray
from ._windows import Windows

# Entries of the columns of a block of samples: 1 MiB in float32, half of the second-level cache of a usual processor.
BLOCK = 2**18


def correlate(x: FloatArray, weight: FloatArray, windows: Windows, groups: int) -> FloatArray:
    """y[n, o, p] = sum over c, k of weight[o, c, k] x[n, c, p stride + k dilation - padding]."""
    n, o = x.shape[0], weight.shape[0]
    matrices = weight.reshape(groups, o // groups, -1)  # (g, o, c k)
    y = np.empty((n, o, *windows.count), x.dtype)
    for block in _blocks(x, windows):
        columns = _columns(x[block], windows, groups)  # (g, c k, n p)
        y[block] = _samples_first(matrices @ columns, windows.count)
    return y


def spread(dy: FloatArray, weight: FloatArray, windows: Windows, groups: int) -> FloatArray:
    """dx[n, c, i]: the sum of dy[n, o, p] weight[o, c, k] over all o, and all p and k that meet in place i."""
    n, o, c = dy.shape[0], weight.shape[0], weight.shape[1]
    matrices = weight.reshape(groups, o // groups, -1)
    dx = np.zeros((n, groups * c, *windows.padded_extent), dy.dtype)
    places = dx[windows.inside]
    for block in _blocks(places, windows):
        outputs = _samples_last(dy[block], groups)
        transposed = matrices.swapaxes(1, 2)
        # Of one output a group NumPy's product is slow, and nothing is summed.
        dcolumns = transposed * outputs if o == groups else transposed @ outputs  # (g, c k, n p)
        samples = dx[block].swapaxes(0, 1)  # (g c, n, padded)
        dcolumns = dcolumns.reshape(groups * c, math.prod(windows.size), samples.shape[1], *windows.count)
        for number, place in enumerate(windows.places):
            samples[place] += dcolumns[:, number]
    return np.ascontiguousarray(places)


def weight_gradient(x: FloatArray, dy: FloatArray, windows: Windows, groups: int) -> FloatArray:
    """dweight[o, c, k] = sum over n, p of dy[n, o, p] x[n, c, p stride + k dilation - padding]."""
    c, o = x.shape[1] // groups, dy.shape[1]
    dweight = np.zeros((groups, o // groups, c * math.prod(windows.size)), x.dtype)
    for block in _blocks(x, windows):
        columns = _columns(x[block], windows, groups)
        dweight += _samples_last(dy[block], groups) @ columns.swapaxes(1, 2)
    return dweight.reshape(o, c, *windows.size)


def _blocks(x: FloatArray, windows: Windows) -> Iterator[slice]:
    entries = x.shape[1] * math.prod(windows.size) * math.prod(windows.count)
    samples = max(1, BLOCK // max(1, entries))
    return (slice(start, start + samples) for start in range(0, x.shape[0], samples))


def _columns(x: FloatArray, windows: Windows, groups: int) -> FloatArray:
    """The entries of all windows: row (c, k) holds what every window has at place k of channel c; (g, c k, n p)."""
    axes = len(windows.size)
    spatial = tuple(range(2, 2 + axes))
    span = tuple(d * (k - 1) + 1 for d, k in zip(windows.dilation, windows.size, strict=True))
    every = sliding_window_view(windows.padded(x), span, spatial)  # (n, c, every start, span)
    starts = [slice(0, (count - 1) * s + 1, s) for count, s in zip(windows.count, windows.stride, strict=True)]
    places = [slice(None, None, d) for d in windows.dilation]
    view = every[(slice(None), slice(None), *starts, *places)]  # (n, c, p, k)
    order = (1, *range(2 + axes, 2 + 2 * axes), 0, *spatial)
    n, c = x.shape[:2]
    rows = c // groups * math.prod(windows.size)
    return view.transpose(order).reshape(groups, rows, n * math.prod(windows.count))


def _samples_last(dy: FloatArray, groups: int) -> FloatArray:
    """From (n, o, p) to (g, o, n p)."""
    n, o = dy.shape[:2]
    return dy.swapaxes(0, 1).reshape(groups, o // groups, n * math.prod(dy.shape[2:]))


def _samples_first(y: FloatArray, count: tuple[int, ...]) -> FloatArray:
    """From (g, o, n p) to (n, o, p)."""
    n = y.shape[2] // math.prod(count)
    return y.reshape(y.shape[0] * y.shape[1], n, *count).swapaxes(0, 1)
