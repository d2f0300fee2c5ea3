"""The logarithm of a sum of exponentials, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, kept, several_axes
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_array


@signature("(m,n)->()")
def logsumexp(
    x: FloatArray, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Logarithm of the sum of exp(x) over `dim`.

    `dim` is an axis, several, or None for all; with `keepdim` they stay in the shape of y with size 1. The
    largest entry is subtracted first and added at the end, which leaves y as it is and keeps every exponent at
    most 0.

    Derivation. The differential is the sum over k of exp(x[k]) dx[k] / sum of exp(x), and the divisor is
    exp(y). So the gradient with respect to x is dy * exp(x - y): the softmax of x, whose exponents are at most
    0.

    The closure keeps `x` and `y`.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis or no entry along it; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = logsumexp(np.log(np.array([1.0, 3.0])))
    >>> y.round(4)
    np.float64(1.3863)
    >>> vjp(4.0)[0].round(4)
    array([1., 3.])
    """
    x = float_array(logsumexp, x)
    axes = several_axes(logsumexp, dim, x.ndim)
    boolean(logsumexp, "keepdim", keepdim)
    at_least_one_entry(logsumexp, x, axes)
    largest = x.max(axis=axes, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, 0.0)  # -inf - -inf would be NaN
    with np.errstate(divide="ignore"):  # log 0, where all entries are -inf
        whole = np.log(np.exp(x - largest).sum(axis=axes, keepdims=True)) + largest
    y = np.asarray(whole if keepdim else np.squeeze(whole, axes))
    shift = np.where(np.isneginf(whole), 0.0, whole)  # all entries -inf: the gradient is 0, as by PyTorch
    shape, dtype = y.shape, y.dtype

    def logsumexp_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(logsumexp, dy, shape, dtype)
        return (np.asarray((dy if keepdim else kept(dy, axes)) * np.exp(x - shift)),)

    return y, logsumexp_vjp
