"""Layer normalisation and its backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, non_negative
from ._checks import normalized_axes, of_shape, optional_float_array, up_to_the_last_given
from ._standardize import standardize


@signature("(m,n),(n),(n)->(m,n)")
def layer_norm(
    x: FloatArray,
    weight: FloatArray | None = None,
    bias: FloatArray | None = None,
    *,
    normalized_shape: int | tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray | None, ...]]]:
    """Each sample to zero mean and unit variance, times `weight`, plus `bias`.

    y = weight s + bias,  s = (x - mean) / sqrt(variance + eps)

    Shapes: `x` (..., normalized_shape); `weight` and `bias`, either or both left out, `normalized_shape`, which is
    that of `weight` where it is not given, and the last axis where there is no weight. Mean and variance (with 1 / n)
    run over these axes.

    Derivation. y is linear in weight and bias, entry by entry, and each sample meets them once: dbias = sum of dy over
    the samples, dweight = sum of dy s. With ds = dy weight, dx = r (ds - mean(ds) - s mean(s ds)), r = 1 /
    sqrt(variance + eps): two terms take out what mean and variance absorb (derived in `_standardize.py`).

    The closure keeps s, r and `weight`, not `x`. Behind the last input that was given no gradient is returned.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not fit
    or `eps` is negative; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = layer_norm(np.array([[1.0, 3.0]]), np.array([2.0, 1.0]), eps=0.0)
    >>> y
    array([[-2.,  1.]])
    >>> dx, dweight = vjp(np.array([[1.0, 5.0]]))
    >>> dx
    array([[0., 0.]])
    >>> dweight
    array([-1.,  5.])
    """
    x = float_array(layer_norm, x)
    weight = optional_float_array(layer_norm, "weight", weight, x.dtype)
    bias = optional_float_array(layer_norm, "bias", bias, x.dtype)
    wanted = weight.shape if normalized_shape is None and weight is not None else normalized_shape
    axes = normalized_axes(layer_norm, x, wanted)
    of_shape(layer_norm, "weight", weight, axes, "that of the normalized axes of x")
    of_shape(layer_norm, "bias", bias, axes, "that of the normalized axes of x")
    n = math.prod(axes)
    rows = x.reshape(x.size // n, n)
    s, standardize_vjp = standardize(rows, non_negative(layer_norm, "eps", eps))
    y = s if weight is None else s * weight.ravel()
    if bias is not None:
        y = np.add(y, bias.ravel(), out=None if y is s else y)
    shape, dtype = x.shape, x.dtype

    def layer_norm_vjp(dy: Cotangent) -> tuple[FloatArray | None, ...]:
        dy = cotangent(layer_norm, dy, shape, dtype).reshape(s.shape)
        ds = dy if weight is None else dy * weight.ravel()
        dx = standardize_vjp(ds).reshape(shape)
        dweight = None if weight is None else sum_of_rows(dy * s).reshape(axes)
        dbias = None if bias is None else sum_of_rows(dy).reshape(axes)
        return up_to_the_last_given((dx, dweight, dbias), (dx, weight, bias))

    return y.reshape(shape), layer_norm_vjp
