"""Pooling by the largest entry over two axes to a given size, and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._bins import largest_of_bins, output_sizes, to_the_largest_of_bins


@signature("(n,c,h,w)->(n,c,_,_)")
def adaptive_max_pool2d(
    x: FloatArray, *, output_size: int | tuple[int | None, int | None]
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The largest entry of each of `output_size` bins along each of the last two axes.

    Shapes: `x` (n, c, height, width) or (c, height, width), `y` the same with output_size, one number or a pair
    (None keeps the axis), along the last two in place of height and width. Bin p of an axis covers its entries from
    floor(p length / size) up to ceil((p + 1) length / size), so bins may overlap.

    Derivation. As in max_pool2d: y changes as the largest entry of its bin does, which collects dy of every bin
    that it is the largest of. Where several are largest, y has a kink; the first, row by row, gets all of it, as in
    PyTorch.

    The closure keeps where the largest entry of each bin stands, and not `x`.

    Raises TypeError when `x` is not a floating array or `output_size` not as described, and ValueError when an axis
    is empty; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = adaptive_max_pool2d(np.array([[[[1.0, 5.0], [2.0, 4.0]]]]), output_size=(2, 1))
    >>> y
    array([[[[5.],
             [4.]]]])
    >>> (dx,) = vjp(np.array([[[[1.0], [-2.0]]]]))
    >>> dx
    array([[[[ 0.,  1.],
             [ 0., -2.]]]])
    """
    (x,) = float_inputs(adaptive_max_pool2d, x)
    y, place = largest_of_bins(x, output_sizes(adaptive_max_pool2d, x, 2, output_size))
    shape, dtype, extent = y.shape, y.dtype, x.shape[x.ndim - 2 :]

    def adaptive_max_pool2d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(adaptive_max_pool2d, dy, shape, dtype)
        return (to_the_largest_of_bins(dy, place, extent),)

    return y, adaptive_max_pool2d_vjp
