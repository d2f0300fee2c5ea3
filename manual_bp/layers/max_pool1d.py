"""Pooling by the largest entry over one axis, and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._pooling import largest, pooling_windows, to_the_largest


@signature("(n,c,l)->(n,c,_)")
def max_pool1d(
    x: FloatArray,
    *,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The largest entry of each window of `kernel_size` entries, `dilation` apart; `stride` defaults to `kernel_size`.

    Shapes: `x` (n, c, length) or (c, length), `y` (n, c, windows) or without n. `padding` entries of minus infinity
    stand on both sides. `ceil_mode` adds a last window over entries that would be left over.

    Derivation. Near a point where one entry of a window is the largest, y changes as that entry does, and not with
    the others. So its gradient collects dy of every window that it is the largest of, since windows may overlap.
    Where several are largest, y has a kink and any share between them is a subgradient; the first, row by row, gets
    all of it, as in PyTorch.

    The closure keeps which place of each window is the largest, one byte up to 255 places, and not `x`.

    Raises TypeError when `x` is not a floating array or an option is not an integer, and ValueError when they do
    not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = max_pool1d(np.array([[[1.0, 5.0, 2.0, 4.0, 0.0]]]), kernel_size=3, stride=2)
    >>> y
    array([[[5., 4.]]])
    >>> (dx,) = vjp(np.array([[[1.0, -2.0]]]))
    >>> dx
    array([[[ 0.,  1.,  0., -2.,  0.]]])
    """
    (x,) = float_inputs(max_pool1d, x)
    windows = pooling_windows(max_pool1d, x, 1, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    y, winner = largest(x, windows)
    shape, dtype = y.shape, y.dtype

    def max_pool1d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(max_pool1d, dy, shape, dtype)
        return (to_the_largest(dy, winner, windows),)

    return y, max_pool1d_vjp
