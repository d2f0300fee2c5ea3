"""Transposed convolution over two axes and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs, integer_at_least
from ._channels import sum_by_channel
from ._checks import of_shape, optional_float_array, per_axis, with_axes
from ._convolution import correlate, spread, weight_gradient
from ._windows import Windows

Pair = int | tuple[int, int]


@signature("(n,c,h,w),(c,o,k,l),(o)->(n,o,h+k-1,w+l-1)")
def conv_transpose2d(
    x: FloatArray,
    weight: FloatArray,
    bias: FloatArray | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """Transposed convolution over two axes: what conv2d does to a gradient on its way back to the input.

    y[n, o, i] = bias[o] + sum of x[n, c, p] weight[c, o, k] over c and all p, k that meet in place i,
    p stride + k dilation - padding = i

    where p, k and i are places in the plane, (row, column), and the options one number for both axes or a pair.

    Shapes: `x` (n, c, height, width), `weight` (c, o / groups, rows, columns), `bias` (o,) or left out, `y` (n, o,
    height', width') with height' = (height - 1) stride - 2 padding + dilation (rows - 1) + output_padding + 1, and
    width' alike.

    Derivation. Every term of y is one entry of `weight` times one of `x`, so each is the slope of the other:

    - x[n, c, p] is spread to the places i by weight[c, o, k], so it collects dy from them:
      dx[n, c, p] = sum over o, k of weight[c, o, k] dy[n, o, p stride + k dilation - padding], a correlation of dy
    - dweight[c, o, k] = sum over n, p of x[n, c, p] dy[n, o, p stride + k dilation - padding]
    - bias[o] reaches every sample and place unscaled: dbias = sum of dy over both

    These are the maps of conv2d with the parts of `x` and `dy` exchanged. The closure keeps `x` and `weight`; where
    no `bias` was given, its gradient is left out.

    Raises TypeError when an input is not an array, the dtypes differ or an option is not an integer, and
    ValueError when shapes or options do not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, -1.0]]]])
    >>> y, vjp = conv_transpose2d(x, weight, stride=(1, 2))
    >>> y
    array([[[[ 1., -1.,  2., -2.]]]])
    >>> dx, dweight = vjp(np.array([[[[1.0, 0.0, 10.0, 0.0]]]]))
    >>> dx
    array([[[[ 1., 10.]]]])
    >>> dweight
    array([[[[21.,  0.]]]])
    """
    x, weight = float_inputs(conv_transpose2d, x, weight)
    bias = optional_float_array(conv_transpose2d, "bias", bias, x.dtype)
    windows = _windows_of_output(x, weight, stride, padding, output_padding, groups, dilation)
    of_shape(conv_transpose2d, "bias", bias, (weight.shape[1] * groups,), "one entry for each channel of the output")
    y = spread(x, weight, windows, groups)
    if bias is not None:
        y += bias[:, None, None]
    shape = y.shape

    def conv_transpose2d_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(conv_transpose2d, dy, shape, x.dtype)
        dx = correlate(dy, weight, windows, groups)
        dweight = weight_gradient(dy, x, windows, groups)
        if bias is None:
            return dx, dweight
        return dx, dweight, sum_by_channel(dy)

    return y, conv_transpose2d_vjp


def _windows_of_output(
    x: FloatArray, weight: FloatArray, stride: Pair, padding: Pair, output_padding: Pair, groups: int, dilation: Pair
) -> Windows:
    """The windows on the output of which each entry of `x` is one."""
    op = conv_transpose2d
    with_axes(op, "x", x, "(n, c, height, width)")
    with_axes(op, "weight", weight, "(c, o / groups, rows, columns)")
    s, p = per_axis(op, "stride", stride, 2, 1), per_axis(op, "padding", padding, 2, 0)
    d, more = per_axis(op, "dilation", dilation, 2, 1), per_axis(op, "output_padding", output_padding, 2, 0)
    groups = integer_at_least(op, "groups", groups, 1)
    c = x.shape[1]
    if weight.shape[0] != c or c % groups:
        raise ValueError(
            f"conv_transpose2d: x has {c} channels, so weight must have {c} rows, and groups={groups} must divide "
            f"them; x is {x.shape}, weight is {weight.shape}"
        )
    if 0 in weight.shape[2:] or 0 in x.shape[2:]:
        raise ValueError(
            f"conv_transpose2d: image and kernel need at least one entry; x is {x.shape}, weight is {weight.shape}"
        )
    for axis in (0, 1):
        if more[axis] >= max(s[axis], d[axis]):
            raise ValueError(
                f"conv_transpose2d: output_padding must be below stride or dilation, but it is {output_padding!r} "
                f"with stride={stride!r} and dilation={dilation!r}"
            )
    size = weight.shape[2:]
    extent = tuple((x.shape[2 + a] - 1) * s[a] - 2 * p[a] + d[a] * (size[a] - 1) + more[a] + 1 for a in (0, 1))
    if min(extent) < 1:
        raise ValueError(
            f"conv_transpose2d: the output would have spatial axes {extent}; make padding smaller, it is {padding!r}"
        )
    return Windows(extent, size, s, p, d, x.shape[2:])
