"""Pooling by the largest entry over one axis to a given size, and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._bins import largest_of_bins, output_sizes, to_the_largest_of_bins


@signature("(n,c,l)->(n,c,output_size)")
def adaptive_max_pool1d(
    x: FloatArray, *, output_size: int
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The largest entry of each of `output_size` bins along the last axis.

    Shapes: `x` (n, c, length) or (c, length), `y` the same with output_size entries
    in place of length. Bin p of an axis covers its entries from floor(p length / size) up to
    ceil((p + 1) length / size), so bins may overlap.

    Derivation. As in max_pool1d: y changes as the largest entry of its bin does, which collects dy of every bin
    that it is the largest of. Where several are largest, y has a kink; the first, row by row, gets all of it, as in
    PyTorch.

    The closure keeps where the largest entry of each bin stands, and not `x`.

    Raises TypeError when `x` is not a floating array or `output_size` not as described, and ValueError when an axis
    is empty; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = adaptive_max_pool1d(np.array([[[1.0, 5.0, 3.0]]]), output_size=2)
    >>> y
    array([[[5., 5.]]])
    >>> (dx,) = vjp(np.array([[[1.0, -2.0]]]))
    >>> dx
    array([[[ 0., -1.,  0.]]])
    """
    (x,) = float_inputs(adaptive_max_pool1d, x)
    y, place = largest_of_bins(x, output_sizes(adaptive_max_pool1d, x, 1, output_size))
    shape, dtype, extent = y.shape, y.dtype, x.shape[x.ndim - 1 :]

    def adaptive_max_pool1d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(adaptive_max_pool1d, dy, shape, dtype)
        return (to_the_largest_of_bins(dy, place, extent),)

    return y, adaptive_max_pool1d_vjp
