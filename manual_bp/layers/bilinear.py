"""A bilinear layer and its backward pass."""

import math
from collections.abc import Callable

from .._signature import signature
from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._checks import of_shape, optional_float_array, with_axes


@signature("(n,i),(n,j),(o,i,j),(o)->(n,o)")
def bilinear(
    x1: FloatArray, x2: FloatArray, weight: FloatArray, bias: FloatArray | None = None
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """Bilinear layer, y[n, o] = sum over i, j of x1[n, i] weight[o, i, j] x2[n, j], plus bias[o].

    Shapes: `x1` (..., i), `x2` (..., j) with the same axes in front, `weight` (o, i, j), `bias` (o,) or left out, `y`
    (..., o). All axes of `x1` but the last count samples; below they are one, n.

    Derivation. Each term is a product of one entry of each, so what multiplies an entry is the other two and dy:

    - dx1[n, i] = sum over o, j of dy[n, o] x2[n, j] weight[o, i, j]
    - dx2[n, j] = sum over o, i of dy[n, o] x1[n, i] weight[o, i, j]
    - dweight[o, i, j] = sum over n of dy[n, o] x1[n, i] x2[n, j]
    - dbias[o] = sum over n of dy[n, o]

    Each is two products: with `x1` in between, x1 weight of shape (n, o, j), which the forward needs too; with `x2`,
    weight x2 of shape (n, o, i). The closure keeps the first, `x1`, `x2` and `weight`; where no `bias` was given, its
    gradient is left out.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do not fit;
    the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x1, x2, weight = np.array([[1.0, 2.0]]), np.array([[3.0]]), np.array([[[1.0], [10.0]]])
    >>> y, vjp = bilinear(x1, x2, weight)
    >>> y
    array([[63.]])
    >>> dx1, dx2, dweight = vjp(np.array([[2.0]]))
    >>> dx1
    array([[ 6., 60.]])
    >>> dx2
    array([[42.]])
    >>> dweight
    array([[[ 6.],
            [12.]]])
    """
    x1, x2, weight = float_inputs(bilinear, x1, x2, weight)
    bias = optional_float_array(bilinear, "bias", bias, x1.dtype)
    with_axes(bilinear, "weight", weight, "(o, i, j)")
    o, i, j = weight.shape
    if x1.shape[-1:] != (i,) or x2.shape[-1:] != (j,) or x1.shape[:-1] != x2.shape[:-1]:
        raise ValueError(
            f"bilinear: x1 must be (..., {i}) and x2 (..., {j}) with the same axes in front, as weight is "
            f"{weight.shape}; x1 is {x1.shape}, x2 is {x2.shape}"
        )
    of_shape(bilinear, "bias", bias, (o,), "one entry for each output of weight")
    shape = (*x1.shape[:-1], o)
    n = math.prod(x1.shape[:-1])
    left, right = x1.reshape(n, i), x2.reshape(n, j)
    by_row = weight.transpose(1, 0, 2).reshape(i, o * j)
    x1_weight = (left @ by_row).reshape(n, o, j)
    y = (x1_weight @ right[:, :, None])[:, :, 0]
    if bias is not None:
        y = y + bias

    def bilinear_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(bilinear, dy, shape, left.dtype).reshape(n, o)
        weight_x2 = (right @ weight.reshape(o * i, j).T).reshape(n, o, i)
        dx1 = (dy[:, None, :] @ weight_x2).reshape(x1.shape)
        dx2 = (dy[:, None, :] @ x1_weight).reshape(x2.shape)
        dy_x1 = (dy[:, :, None] * left[:, None, :]).reshape(n, o * i)
        dweight = (dy_x1.T @ right).reshape(o, i, j)
        if bias is None:
            return dx1, dx2, dweight
        return dx1, dx2, dweight, sum_of_rows(dy)

    return y.reshape(shape), bilinear_vjp
