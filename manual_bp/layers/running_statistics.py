"""Running mean and variance of the channels that batch norm saw in training."""

import numpy as np

from .._typing import FloatArray
from .._validation import float_arrays, non_negative
from ._checks import of_shape, with_channels


def running_statistics(
    x: FloatArray, running_mean: FloatArray, running_var: FloatArray, *, momentum: float = 0.1
) -> tuple[FloatArray, FloatArray]:
    """What `running_mean` and `running_var` (c,) become once batch norm has seen `x` (n, c, ...) in training.

    new = (1 - momentum) old + momentum (that of x), as new arrays. The variance of x is the unbiased one, with
    1 / (n - 1) over its n entries a channel, although batch norm divides by the one with 1 / n: so does PyTorch.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not
    fit, there is one entry a channel only, or `momentum` is not between 0 and 1.

    >>> import numpy as np
    >>> running_statistics(np.array([[1.0], [3.0]]), np.zeros(1), np.ones(1), momentum=0.5)
    (array([1.]), array([1.5]))
    """
    op = running_statistics
    x, running_mean, running_var = float_arrays(op, x=x, running_mean=running_mean, running_var=running_var)
    n, c, places = with_channels(op, x)
    of_shape(op, "running_mean", running_mean, (c,), "one entry for each channel of x")
    of_shape(op, "running_var", running_var, (c,), "one entry for each channel of x")
    if non_negative(op, "momentum", momentum) > 1:
        raise ValueError(f"running_statistics: momentum must be at most 1, but it is {momentum!r}")
    if n * places < 2:
        raise ValueError(f"running_statistics: needs more than one entry a channel; x is {x.shape}")
    channels = x.reshape(n, c, places)
    mean, variance = channels.mean(axis=(0, 2)), np.var(channels, axis=(0, 2), ddof=1)
    keep = 1.0 - momentum
    return keep * running_mean + momentum * mean, keep * running_var + momentum * variance
