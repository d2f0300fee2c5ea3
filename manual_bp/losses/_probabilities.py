"""The cross-entropy against probabilities of the classes."""

from collections.abc import Callable

import numpy as np

from .._sums import summed
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent, float_arrays
from ._reduction import of_each_loss, reduced


def cross_entropy_of_probabilities(
    op: Callable[..., object],
    logits: FloatArray,
    target: FloatArray,
    axis: int,
    weight: FloatArray | None,
    reduction: str,
    smoothing: float,
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray | None]]]:
    """J = mean over samples of -sum over c of q[c] logp[c], with q = weight (smoothing / c + (1 - smoothing) target).

    Here logp = logits - logsumexp(logits) along the `axis` of the classes, which changes by dlogits[c] - sum
    over k of p[k] dlogits[k]. Collecting what multiplies dlogits[k], the gradient with respect to logits is dJ
    (p[k] Q - q[k]), with Q the sum of q; the one with respect to target is -dJ weight (1 - smoothing) logp.
    """
    logits, target = float_arrays(op, logits=logits, labels=target)
    if target.shape != logits.shape:
        raise ValueError(
            f"{op.__name__}: labels that are floating numbers must have the shape of logits, {logits.shape}, "
            f"but their shape is {target.shape}"
        )
    c = logits.shape[axis]
    factor = np.ones(c, logits.dtype) if weight is None else weight
    factor = factor.reshape(c, *[1] * (logits.ndim - axis - 1))
    q = factor * (smoothing / c + (1.0 - smoothing) * target)
    logp = logits - logits.max(axis=axis, keepdims=True)
    logp -= np.log(summed(np.exp(logp), (axis,), keepdims=True))
    losses = -summed(q * logp, (axis,))
    J = reduced(losses, reduction)
    count = logits.size // c

    def cross_entropy_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(op, dJ, np.shape(J), logits.dtype)
        dloss = of_each_loss(dJ, reduction, count)
        if reduction == "none":
            dloss = np.expand_dims(dloss, axis)
        dlogits = dloss * (np.exp(logp) * summed(q, (axis,), keepdims=True) - q)
        dtarget = -dloss * ((1.0 - smoothing) * factor) * logp
        return dlogits, dtarget

    return J, cross_entropy_vjp
