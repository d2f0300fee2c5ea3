"""Instance normalisation and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, non_negative
from ._channels import sum_by_channel
from ._checks import one_for_each_channel, up_to_the_last_given, with_channels
from ._standardize import standardize


@signature("(n,c,p),(c),(c),(c),(c)->(n,c,p)", constants=("running_mean", "running_var"))
def instance_norm(
    x: FloatArray,
    running_mean: FloatArray | None = None,
    running_var: FloatArray | None = None,
    weight: FloatArray | None = None,
    bias: FloatArray | None = None,
    *,
    use_input_stats: bool = True,
    eps: float = 1e-5,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray | None, ...]]]:
    """Each channel of each sample to zero mean and unit variance, times `weight`, plus `bias`.

    y = weight s + bias,  s = (x - mean) / sqrt(variance + eps)

    Shapes: `x` (n, c, ...), everything else (c,), None or left out. With `use_input_stats` mean and variance (with
    1 / n) are those of each channel of each sample over all places. Otherwise they are `running_mean` and
    `running_var`. Unlike PyTorch's the op never changes those.

    Derivation. y is linear in weight and bias; a channel meets its entry of them at all samples and places:
    dbias[c] = sum of dy over them, dweight[c] = sum of dy s. Let ds = dy weight and r = 1 / sqrt(variance + eps).
    Running statistics do not depend on x: dx = r ds. Those of the sample do, and absorb two directions:
    dx = r (ds - mean(ds) - s mean(s ds)) (derived in `_standardize.py`).

    The closure keeps s, r and `weight`, not `x`. The running statistics are data: their gradients are None. Behind
    the last input that was given no gradient is returned.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not
    fit, `eps` is negative, `use_input_stats` meets one place a channel or running statistics are missing; the vjp
    raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = instance_norm(np.array([[[1.0, 3.0], [0.0, 4.0]]]), None, None, np.array([2.0, 1.0]), eps=0.0)
    >>> y
    array([[[-2.,  2.],
            [-1.,  1.]]])
    >>> dx, _, _, dweight = vjp(np.array([[[1.0, 5.0], [0.0, 3.0]]]))
    >>> dweight
    array([4., 3.])
    """
    x = float_array(instance_norm, x)
    n, c, places = with_channels(instance_norm, x)
    running_mean, running_var, weight, bias = one_for_each_channel(
        instance_norm, x.dtype, c, running_mean=running_mean, running_var=running_var, weight=weight, bias=bias
    )
    eps = non_negative(instance_norm, "eps", eps)
    channels = x.reshape(n, c, places)
    if use_input_stats:
        if places == 1:
            raise ValueError(f"instance_norm: use_input_stats needs more than one place a channel; x is {x.shape}")
        s, standardize_vjp = standardize(channels, eps)
    elif running_mean is None or running_var is None:
        raise ValueError("instance_norm: running_mean and running_var are needed unless use_input_stats=True")
    else:
        r = (1.0 / np.sqrt(running_var + eps))[:, None]
        s = (channels - running_mean[:, None]) * r
    y = s if weight is None else s * weight[:, None]
    if bias is not None:
        y = np.add(y, bias[:, None], out=None if y is s else y)
    shape, dtype = x.shape, x.dtype

    def instance_norm_vjp(dy: Cotangent) -> tuple[FloatArray | None, ...]:
        dy = cotangent(instance_norm, dy, shape, dtype).reshape(s.shape)
        ds = dy if weight is None else dy * weight[:, None]
        dx = (standardize_vjp(ds) if use_input_stats else ds * r).reshape(shape)
        dweight = None if weight is None else sum_by_channel(dy * s)
        dbias = None if bias is None else sum_by_channel(dy)
        gradients = dx, None, None, dweight, dbias
        return up_to_the_last_given(gradients, (dx, running_mean, running_var, weight, bias))

    return y.reshape(shape), instance_norm_vjp
