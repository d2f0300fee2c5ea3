"""Zero mean and unit variance over some axes: what layer, batch, group and instance norm have in common."""

from collections.abc import Callable

import numpy as np

from .._typing import FloatArray


def standardize(
    x: FloatArray, axes: tuple[int, ...], eps: float
) -> tuple[FloatArray, Callable[[FloatArray], FloatArray]]:
    """s = (x - mean) r with r = 1 / sqrt(variance + eps), mean and variance over `axes`; and its pullback.

    Derivation. With c = x - mean, s = c r, so ds = r dc + c dr. The variance is mean(c^2), hence dr = -r^3 mean(c dc),
    and c dr = -s r mean(s dc). As dc = dx - mean(dx) and mean(s) = 0, mean(s dc) = mean(s dx). So
    ds = r (dx - mean(dx) - s mean(s dx)). All three terms are symmetric in what they couple, so the gradient has the
    same form: dx = r (ds - mean(ds) - s mean(s ds)).

    The closure keeps s, which the forward has computed anyway, and r.
    """
    centred = x - x.mean(axis=axes, keepdims=True)
    r = 1.0 / np.sqrt((centred * centred).mean(axis=axes, keepdims=True) + eps)
    s = centred * r

    def standardize_vjp(ds: FloatArray) -> FloatArray:
        dx: FloatArray = r * (ds - ds.mean(axis=axes, keepdims=True) - s * (s * ds).mean(axis=axes, keepdims=True))
        return dx

    return s, standardize_vjp
