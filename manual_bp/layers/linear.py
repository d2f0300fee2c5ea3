"""A linear layer in PyTorch's layout (samples are rows) and its backward pass."""

import math
from collections.abc import Callable

from .._signature import signature
from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._checks import of_shape, optional_float_array, with_axes


@signature("(n,i),(o,i),(o)->(n,o)")
def linear(
    x: FloatArray, weight: FloatArray, bias: FloatArray | None = None
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """Linear layer, y = x @ weight.T + bias.

    Shapes: `x` (..., i), `weight` (o, i), `bias` (o,) or left out, `y` (..., o). All axes of `x` but the last
    count samples; below they are one, n.

    Derivation. Entry by entry y[n, o] = sum over i of x[n, i] weight[o, i], plus bias[o]. The cost changes
    by the sum over n and o of dy[n, o] times the change of y[n, o]. Collect what multiplies each input:

    - a change of x[n, i] meets weight[o, i] in every output o:  dx = dy @ weight
    - a change of weight[o, i] meets x[n, i] in every sample n:  dweight = dy.T @ x
    - a change of bias[o] reaches every sample n unscaled:       dbias = sum of dy over the samples

    The closure keeps `x` and `weight`, because each is the slope of the other; `bias` is not needed. Where no
    `bias` was given, its gradient is left out.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, weight, bias = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5])
    >>> y, vjp = linear(x, weight, bias)
    >>> y
    array([[11.5, 16.5]])
    >>> dx, dweight, dbias = vjp(np.array([[1.0, -1.0]]))
    >>> dx
    array([[-2., -2.]])
    >>> dweight
    array([[ 1.,  2.],
           [-1., -2.]])
    >>> dbias
    array([ 1., -1.])
    """
    x, weight = float_inputs(linear, x, weight)
    bias = optional_float_array(linear, "bias", bias, x.dtype)
    with_axes(linear, "weight", weight, "(o, i)")
    o, i = weight.shape
    if x.ndim == 0 or x.shape[-1] != i:
        raise ValueError(
            f"linear: the last axis of x must have {i} entries, one for each column of weight; "
            f"x is {x.shape}, weight is {weight.shape}"
        )
    of_shape(linear, "bias", bias, (o,), "one entry for each row of weight")
    shape = (*x.shape[:-1], o)
    rows = x if x.ndim == 2 else x.reshape(math.prod(x.shape[:-1]), i)
    y = rows.dot(weight.T)
    if bias is not None:
        y += bias

    def linear_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(linear, dy, shape, rows.dtype).reshape(len(rows), o)
        dx = dy.dot(weight).reshape(x.shape)
        dweight = dy.T.dot(rows)
        if bias is None:
            return dx, dweight
        return dx, dweight, sum_of_rows(dy)

    return y if len(shape) == 2 else y.reshape(shape), linear_vjp
