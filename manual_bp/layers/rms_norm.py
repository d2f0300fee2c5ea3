"""Normalisation by the root of the mean square and its backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, non_negative
from ._checks import normalized_axes, of_shape, optional_float_array


@signature("(m,n),(n)->(m,n)")
def rms_norm(
    x: FloatArray,
    weight: FloatArray | None = None,
    *,
    normalized_shape: int | tuple[int, ...] | None = None,
    eps: float | None = None,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """Each sample over the root of its mean square, times `weight`.

    y = weight s,  s = x r,  r = 1 / sqrt(mean(x^2) + eps)

    Shapes: `x` (..., normalized_shape); `weight`, or left out, `normalized_shape`, which is that of `weight` where it
    is not given, and the last axis where there is no weight. The mean runs over these axes. `eps` is the spacing of
    the dtype at 1 where it is not given.

    Derivation. dr = -r^3 mean(x dx), hence ds = r dx + x dr = r (dx - s mean(s dx)), where s = x r has taken in two
    factors r. This is symmetric in what it couples, so with ds = dy weight the gradient has the same form:
    dx = r (ds - s mean(s ds)). As y is linear in weight, dweight = sum of dy s over the samples.

    The closure keeps s, r and `weight`, not `x`. Where no `weight` was given, its gradient is left out.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not fit
    or `eps` is negative; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = rms_norm(np.array([[1.0, 7.0]]), np.array([1.0, 5.0]), eps=0.0)
    >>> y
    array([[0.2, 7. ]])
    >>> dx, dweight = vjp(np.array([[5.0, 0.0]]))
    >>> dx
    array([[ 0.98, -0.14]])
    >>> dweight
    array([1., 0.])
    """
    x = float_array(rms_norm, x)
    weight = optional_float_array(rms_norm, "weight", weight, x.dtype)
    wanted = weight.shape if normalized_shape is None and weight is not None else normalized_shape
    axes = normalized_axes(rms_norm, x, wanted)
    of_shape(rms_norm, "weight", weight, axes, "that of the normalized axes of x")
    tiny = float(np.finfo(x.dtype).eps) if eps is None else non_negative(rms_norm, "eps", eps)
    n = math.prod(axes)
    rows = x.reshape(x.size // n, n)
    r = 1.0 / np.sqrt(np.vecdot(rows, rows)[:, None] / n + tiny)
    s = rows * r
    y = s if weight is None else s * weight.ravel()
    shape, dtype = x.shape, x.dtype

    def rms_norm_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(rms_norm, dy, shape, dtype).reshape(s.shape)
        ds = dy if weight is None else dy * weight.ravel()
        dx = ds - s * (np.vecdot(s, ds)[:, None] / n)
        dx *= r
        if weight is None:
            return (dx.reshape(shape),)
        return dx.reshape(shape), sum_of_rows(dy * s).reshape(axes)

    return y.reshape(shape), rms_norm_vjp
