"""Pooling by the mean over two axes to a given size, and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._bins import along_last_two, bin_means, output_sizes


@signature("(n,c,h,w)->(n,c,_,_)")
def adaptive_avg_pool2d(
    x: FloatArray, *, output_size: int | tuple[int | None, int | None]
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The mean of each of `output_size` bins along each of the last two axes.

    Shapes: `x` (n, c, height, width) or (c, height, width), `y` the same with output_size, one number or a pair
    (None keeps the axis), along the last two in place of height and width. Bin p of an axis covers its entries from
    floor(p length / size) up to ceil((p + 1) length / size), so bins may overlap.

    Derivation. y is linear in x, and means over a rectangle are means over rows of means over columns: with R[p, i]
    = 1 / m[p] where bin p of the rows, of m[p] entries, covers i and 0 elsewhere, and C alike for the columns, y =
    R @ x @ C.T. Hence dx = R.T @ dy @ C.

    The closure keeps R and C, which do not depend on x.

    Raises TypeError when `x` is not a floating array or `output_size` not as described, and ValueError when an axis
    is empty; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = adaptive_avg_pool2d(np.array([[[[1.0, 5.0], [2.0, 4.0]]]]), output_size=(2, 1))
    >>> y
    array([[[[3.],
             [3.]]]])
    >>> (dx,) = vjp(np.array([[[[1.0], [-2.0]]]]))
    >>> dx
    array([[[[ 0.5,  0.5],
             [-1. , -1. ]]]])
    """
    (x,) = float_inputs(adaptive_avg_pool2d, x)
    rows, columns = (
        bin_means(length, count).astype(x.dtype)
        for length, count in zip(x.shape[-2:], output_sizes(adaptive_avg_pool2d, x, 2, output_size), strict=True)
    )
    y = along_last_two(rows, columns, x)
    shape, dtype = y.shape, y.dtype

    def adaptive_avg_pool2d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(adaptive_avg_pool2d, dy, shape, dtype)
        return (along_last_two(rows.T, columns.T, dy),)

    return y, adaptive_avg_pool2d_vjp
