"""Zero mean and unit variance over some axes: what layer, batch, group and instance norm have in common."""

from collections.abc import Callable

import numpy as np

from .._sums import sum_of_rows
from .._typing import FloatArray


def standardize(
    x: FloatArray, eps: float, *, over_samples: bool = False
) -> tuple[FloatArray, Callable[[FloatArray], FloatArray]]:
    """s = (x - mean) r with r = 1 / sqrt(variance + eps); and its pullback.

    Mean and variance run over the last axis of `x`, with `over_samples` over the first too.

    Derivation. With c = x - mean, s = c r, so ds = r dc + c dr. The variance is mean(c^2), hence dr = -r^3 mean(c dc),
    and c dr = -s r mean(s dc). As dc = dx - mean(dx) and mean(s) = 0, mean(s dc) = mean(s dx). So
    ds = r (dx - mean(dx) - s mean(s dx)). All three terms are symmetric in what they couple, so the gradient has the
    same form: dx = r (ds - mean(ds) - s mean(s ds)).

    The closure keeps s, which the forward has computed anyway, and r.
    """
    entries = x.shape[-1] * (x.shape[0] if over_samples else 1)

    def mean(sums: FloatArray) -> FloatArray:
        """Of sums over the last axis the mean over all entries, put back beside them."""
        total = sum_of_rows(sums) if over_samples else sums
        return np.asarray(total[..., None] / entries)

    centred = x - mean(x.sum(axis=-1))
    r = 1.0 / np.sqrt(mean(np.vecdot(centred, centred)) + eps)
    s = np.multiply(centred, r, out=centred)

    def standardize_vjp(ds: FloatArray) -> FloatArray:
        dx = ds - mean(ds.sum(axis=-1))
        dx -= s * mean(np.vecdot(s, ds))
        dx *= r
        return dx

    return s, standardize_vjp
