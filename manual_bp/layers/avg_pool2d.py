"""Pooling by the mean over two axes, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs, integer_at_least
from ._pooling import entries_counted, pooling_windows, to_all, window_sums


@signature("(n,c,h,w)->(n,c,_,_)")
def avg_pool2d(
    x: FloatArray,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The mean of each window of `kernel_size` entries; `stride` defaults to `kernel_size`.

    Shapes: `x` (n, c, height, width) or (c, height, width), `y` (n, c, rows, columns) or without n. `padding` zeros
    stand on both sides; they count among the entries unless `count_include_pad` is False. `ceil_mode` adds a last
    window over entries that would be left over; what it covers beyond the padding never counts. `divisor_override`
    stands in for that number.

    Derivation. y[p] = sum of x[i] over the entries i of window p, divided by their number m[p]. A change of x[i]
    reaches every window that covers i, by 1 / m[p]: dx[i] = sum of dy[p] / m[p] over the windows p that cover i.

    The closure keeps the numbers m alone: the op is linear.

    Raises TypeError when `x` is not a floating array or an option is not an integer, and ValueError when they do
    not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = avg_pool2d(np.array([[[[1.0, 5.0], [2.0, 4.0]]]]), kernel_size=(1, 2))
    >>> y
    array([[[[3.],
             [3.]]]])
    >>> (dx,) = vjp(np.array([[[[1.0], [-2.0]]]]))
    >>> dx
    array([[[[ 0.5,  0.5],
             [-1. , -1. ]]]])
    """
    (x,) = float_inputs(avg_pool2d, x)
    windows = pooling_windows(avg_pool2d, x, 2, kernel_size, stride, padding, ceil_mode=ceil_mode)
    if divisor_override is None:
        counted = entries_counted(windows, include_padding=count_include_pad).astype(x.dtype)
    else:
        counted = np.asarray(integer_at_least(avg_pool2d, "divisor_override", divisor_override, 1), x.dtype)
    y = window_sums(x, windows) / counted
    shape, dtype = y.shape, y.dtype

    def avg_pool2d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(avg_pool2d, dy, shape, dtype)
        return (to_all(dy / counted, windows),)

    return y, avg_pool2d_vjp
