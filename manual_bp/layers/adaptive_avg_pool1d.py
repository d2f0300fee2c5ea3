"""Pooling by the mean over one axis to a given size, and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._bins import along_last, bin_means, output_sizes


@signature("(n,c,l)->(n,c,output_size)")
def adaptive_avg_pool1d(
    x: FloatArray, *, output_size: int
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The mean of each of `output_size` bins along the last axis.

    Shapes: `x` (n, c, length) or (c, length), `y` the same with output_size entries
    in place of length. Bin p of an axis covers its entries from floor(p length / size) up to
    ceil((p + 1) length / size), so bins may overlap.

    Derivation. y is linear in x: with M[p, i] = 1 / m[p] where bin p, of m[p] entries, covers i and 0 elsewhere,
    y = x @ M.T along the axis. Hence dx = dy @ M.

    The closure keeps M, which does not depend on x.

    Raises TypeError when `x` is not a floating array or `output_size` not as described, and ValueError when an axis
    is empty; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = adaptive_avg_pool1d(np.array([[[1.0, 5.0, 3.0]]]), output_size=2)
    >>> y
    array([[[3., 4.]]])
    >>> (dx,) = vjp(np.array([[[1.0, -2.0]]]))
    >>> dx
    array([[[ 0.5, -0.5, -1. ]]])
    """
    (x,) = float_inputs(adaptive_avg_pool1d, x)
    (count,) = output_sizes(adaptive_avg_pool1d, x, 1, output_size)
    means = bin_means(x.shape[-1], count).astype(x.dtype)
    y = along_last(means, x)
    shape, dtype = y.shape, y.dtype

    def adaptive_avg_pool1d_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(adaptive_avg_pool1d, dy, shape, dtype)
        return (along_last(means.T, dy),)

    return y, adaptive_avg_pool1d_vjp
