"""Variances over axes and their backward pass."""

import builtins
import math
from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, count_of, kept, several_axes
from .._signature import signature
from .._sums import summed
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, finite_number, float_array


@signature("(m,n)->()")
def var(
    x: FloatArray, *, dim: int | tuple[int, ...] | None = None, correction: float = 1.0, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Variance of `x` over `dim`: the sum of (x - mean)**2, over n - correction.

    `dim` is an axis, several, or None for all; with `keepdim` they stay in the shape of y with size 1. Where n
    - correction is not above 0, as for one entry and the default correction, it is taken as 0, as by PyTorch:
    the variance of one entry is 0 / 0, which is NaN, and so is its gradient.

    Derivation. The differential of the sum is the sum of 2 (x - mean) (dx - dmean); as the x - mean add up to
    0, so does the part with dmean. So the gradient with respect to x is dy * 2 (x - mean) / (n - correction).

    The closure keeps x - mean.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = var(np.array([1.0, 2.0, 6.0]))
    >>> y
    array(7.)
    >>> vjp(1.0)
    (array([-2., -1.,  3.]),)
    """
    x = float_array(var, x)
    axes = several_axes(var, dim, x.ndim)
    boolean(var, "keepdim", keepdim)
    at_least_one_entry(var, x, axes)
    freedom = builtins.max(count_of(x.shape, axes) - finite_number(var, "correction", correction), 0.0)
    scale = 1.0 / freedom if freedom else math.inf
    deviation = x - summed(x, axes, keepdims=True) / count_of(x.shape, axes)
    y = np.asarray(summed(deviation * deviation, axes, keepdims=keepdim) * scale)
    shape, dtype = y.shape, y.dtype

    def var_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(var, dy, shape, dtype)
        return (np.asarray((dy if keepdim else kept(dy, axes)) * (2.0 * scale) * deviation),)

    return y, var_vjp
