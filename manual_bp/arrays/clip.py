"""Entries cut off at two bounds, and the backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array


@signature("(m,n)->(m,n)")
def clip(
    x: FloatArray, *, min: float | None = None, max: float | None = None
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """y = x cut off below `min` and above `max`, numbers or None for no bound; where min > max, y is max.

    Derivation. Between the bounds the differential is dx, beyond them it is 0, so the gradient with respect to
    x is dy where min <= x <= max and 0 elsewhere. At the bounds every number from 0 to 1 is a subgradient; 1 is
    returned, as by PyTorch.

    The closure keeps the mask of the entries between the bounds.

    Raises TypeError when `x` is not a floating array or a bound not a number, and ValueError when there is no
    bound or one is NaN; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = clip(np.array([-2.0, 0.5, 1.0]), min=-1.0, max=1.0)
    >>> y
    array([-1. ,  0.5,  1. ])
    >>> vjp(np.array([1.0, 2.0, 3.0]))
    (array([0., 2., 3.]),)
    """
    x = float_array(clip, x)
    low, high = _bound("min", min), _bound("max", max)
    if low is None and high is None:
        raise ValueError("clip: needs a bound, min or max")
    y = np.asarray(np.clip(x, low, high))
    within = np.asarray((x >= (-math.inf if low is None else low)) & (x <= (math.inf if high is None else high)))
    dtype = x.dtype

    def clip_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(clip, dy, within.shape, dtype)
        return (np.asarray(dy * within),)

    return y, clip_vjp


def _bound(name: str, value: float | None) -> float | None:
    return None if value is None or value in (math.inf, -math.inf) else finite_number(clip, name, value)
