"""Softmax attention on plain arrays, and its pullback: the core of both attention ops."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .._typing import FloatArray

Pulled = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def attend(
    query: FloatArray,
    key: FloatArray,
    value: FloatArray,
    added: FloatArray | None,
    allowed: npt.NDArray[np.bool_] | None,
    scale: float,
) -> tuple[FloatArray, Callable[[FloatArray], Pulled]]:
    """y = p v, p = softmax(scale q k^T + added) over the keys that are `allowed`; and its pullback.

    Derivation. With scores s and dp = dy v^T, the softmax row by row gives ds = p (dp - sum of p dp). The products give
    dv = p^T dy, dq = scale ds k, dk = scale ds^T q; what is added to s has the gradient ds. A key that is not allowed
    has p = 0, so nothing flows to it. A row in which none is has p = 0 throughout, and y = 0.

    A number that is taken off all dp of a row falls out of ds. Taking off that of the likeliest key keeps digits where
    p is next to 1 there: dp - sum of p dp would be a difference of two numbers that are equal to rounding.

    The pullback returns gradients of the shapes that q, k, v and s broadcast to.
    """
    s = (query * scale) @ key.swapaxes(-1, -2)
    if added is not None:
        s = s + added
    if allowed is not None:
        s = np.where(allowed, s, -np.inf)
    likeliest = s.argmax(axis=-1, keepdims=True)
    largest = np.take_along_axis(s, likeliest, axis=-1)
    largest[np.isneginf(largest)] = 0.0  # a row without a key: exp(-inf - 0) is 0
    p = np.exp(s - largest)
    total = p.sum(axis=-1, keepdims=True)
    total[total == 0.0] = 1.0
    p /= total
    y = p @ value

    def attend_vjp(dy: FloatArray) -> Pulled:
        dp = dy @ value.swapaxes(-1, -2)
        dp -= np.take_along_axis(dp, likeliest, axis=-1)
        ds = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
        dq = (ds @ key) * scale
        dk = ds.swapaxes(-1, -2) @ (query * scale)
        dv = p.swapaxes(-1, -2) @ dy
        return dq, dk, dv, ds

    return y, attend_vjp


def causal(rows: int, keys: int) -> npt.NDArray[np.bool_]:
    """Row i may look at keys 0 to i."""
    return np.tri(rows, keys, dtype=np.bool_)
