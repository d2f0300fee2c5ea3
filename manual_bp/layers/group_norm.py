"""Group normalisation and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, integer_at_least, non_negative
from ._channels import sum_by_channel
from ._checks import one_for_each_channel, up_to_the_last_given, with_channels
from ._standardize import standardize


@signature("(n,c,p),(c),(c)->(n,c,p)")
def group_norm(
    x: FloatArray,
    weight: FloatArray | None = None,
    bias: FloatArray | None = None,
    *,
    num_groups: int = 1,
    eps: float = 1e-5,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray | None, ...]]]:
    """Each group of channels of each sample to zero mean and unit variance; each channel times `weight`, plus `bias`.

    y = weight s + bias,  s = (x - mean) / sqrt(variance + eps)

    Shapes: `x` (n, c, ...), `weight` and `bias` (c,), either or both left out. Mean and variance run over the c /
    `num_groups` channels of a group and all axes behind them.

    Derivation. y is linear in weight and bias; a channel meets its entry of them at all samples and places:
    dbias[c] = sum of dy over them, dweight[c] = sum of dy s. With ds = dy weight, dx = r (ds - mean(ds) - s mean(s
    ds)), r = 1 / sqrt(variance + eps), the means over the same entries (derived in `_standardize.py`).

    The closure keeps s, r and `weight`, not `x`. Behind the last input that was given no gradient is returned.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not fit,
    `num_groups` does not divide the channels or `eps` is negative; the vjp raises ValueError when `dy` is not shaped
    like `y`.

    >>> import numpy as np
    >>> y, vjp = group_norm(np.array([[[1.0], [3.0]]]), np.array([2.0, 1.0]), eps=0.0)
    >>> y
    array([[[-2.],
            [ 1.]]])
    >>> dx, dweight = vjp(np.array([[[1.0], [5.0]]]))
    >>> dweight
    array([-1.,  5.])
    """
    x = float_array(group_norm, x)
    n, c, places = with_channels(group_norm, x)
    weight, bias = one_for_each_channel(group_norm, x.dtype, c, weight=weight, bias=bias)
    num_groups = integer_at_least(group_norm, "num_groups", num_groups, 1)
    if c % num_groups:
        raise ValueError(f"group_norm: num_groups must divide the {c} channels of x, but it is {num_groups}")
    groups = x.reshape(n, num_groups, c // num_groups * places)
    s, standardize_vjp = standardize(groups, non_negative(group_norm, "eps", eps))
    s = s.reshape(n, c, places)
    y = s if weight is None else s * weight[:, None]
    if bias is not None:
        y = np.add(y, bias[:, None], out=None if y is s else y)
    shape, dtype, grouped = x.shape, x.dtype, groups.shape

    def group_norm_vjp(dy: Cotangent) -> tuple[FloatArray | None, ...]:
        dy = cotangent(group_norm, dy, shape, dtype).reshape(s.shape)
        ds = dy if weight is None else dy * weight[:, None]
        dx = standardize_vjp(ds.reshape(grouped)).reshape(shape)
        dweight = None if weight is None else sum_by_channel(dy * s)
        dbias = None if bias is None else sum_by_channel(dy)
        return up_to_the_last_given((dx, dweight, dbias), (dx, weight, bias))

    return y.reshape(shape), group_norm_vjp
