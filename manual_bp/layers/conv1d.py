"""Convolution over one spatial axis (correlation, as in PyTorch) and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._channels import sum_by_channel
from ._checks import optional_float_array
from ._convolution import correlate, spread, weight_gradient
from ._convolved import convolution_windows


@signature("(n,c,l+k-1),(o,c,k),(o)->(n,o,l)")
def conv1d(
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """Convolution over one axis, in PyTorch's sense: the kernel is not mirrored.

    y[n, o, p] = bias[o] + sum over c, k of weight[o, c, k] x[n, c, p stride + k dilation - padding]

    Shapes: `x` (n, c, length), `weight` (o, c / groups, k), `bias` (o,) or left out, `y` (n, o, p) with
    p = (length + 2 padding - dilation (k - 1) - 1) // stride + 1. Outside its axis `x` counts as zero. With
    `groups`, group g of the outputs sees group g of the channels alone.

    Derivation. The cost changes by the sum of dy[n, o, p] times the change of y[n, o, p]. Every term of y is
    one entry of `weight` times one of `x`, so each is the slope of the other:

    - weight[o, c, k] meets an entry of x in every sample n and window p:
      dweight[o, c, k] = sum over n, p of dy[n, o, p] x[n, c, p stride + k dilation - padding]
    - x[n, c, i] is met by weight[o, c, k] wherever window p has its place k there:
      dx[n, c, i] = sum of dy[n, o, p] weight[o, c, k] over o and all p, k with p stride + k dilation - padding = i
    - bias[o] reaches every sample and window unscaled: dbias = sum of dy over both

    `_convolution.py` does the three sums by matrix products. The closure keeps `x` and `weight`, not the
    entries of the windows, which are gathered again; where no `bias` was given, its gradient is left out.

    Raises TypeError when an input is not an array, the dtypes differ or an option is not an integer, and
    ValueError when shapes or options do not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, weight = np.array([[[1.0, 2.0, 4.0]]]), np.array([[[1.0, -1.0]]])
    >>> y, vjp = conv1d(x, weight)
    >>> y
    array([[[-1., -2.]]])
    >>> dx, dweight = vjp(np.array([[[1.0, 10.0]]]))
    >>> dx
    array([[[  1.,   9., -10.]]])
    >>> dweight
    array([[[21., 42.]]])
    """
    x, weight = float_inputs(conv1d, x, weight)
    bias = optional_float_array(conv1d, "bias", bias, x.dtype)
    windows = convolution_windows(conv1d, x, weight, bias, (stride, padding, dilation, groups))
    y = correlate(x, weight, windows, groups)
    if bias is not None:
        y += bias[:, None]
    shape = y.shape

    def conv1d_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(conv1d, dy, shape, x.dtype)
        dx = spread(dy, weight, windows, groups)
        dweight = weight_gradient(x, dy, windows, groups)
        if bias is None:
            return dx, dweight
        return dx, dweight, sum_by_channel(dy)

    return y, conv1d_vjp
