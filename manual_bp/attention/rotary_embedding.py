"""Rotary position embedding and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, integer_at_least, positive_number


@signature("(b,l,2*e)->(b,l,2*e)")
def rotary_embedding(
    x: FloatArray, *, base: float = 10000.0, offset: int = 0, interleaved: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Rotate pairs of entries by angles that grow with the position, so that products of two rows tell their distance.

    y[..., l, :] = R((l + offset) w) x[..., l, :],  with w[j] = base^(-j / e) the speed of pair j of e

    Shapes: `x` and `y` (..., l, 2 e). Pair j is x[..., j] and x[..., j + e], as most published models store it, or
    with `interleaved` x[..., 2 j] and x[..., 2 j + 1], as in the paper. `offset` is the position of the first row,
    for rows that follow on others.

    Source: Su and others, RoFormer: Enhanced transformer with rotary position embedding, 2021, equation 34.

    Derivation. A pair (a, b) becomes (a cos - b sin, b cos + a sin). This is linear, and the gradient is what the
    transposed matrix makes of dy; a rotation is transposed by turning it back: da = dya cos + dyb sin,
    db = dyb cos - dya sin.

    The closure keeps cosines and sines, (l, e) each.

    Raises TypeError when `x` is not a floating array or `offset` not an integer, and ValueError when `x` has fewer
    than two axes or an odd last one, or `base` is not a positive number; the vjp raises ValueError when `dy` is not
    shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = rotary_embedding(np.array([[3.0, 4.0], [3.0, 4.0]]))
    >>> y.round(3)
    array([[ 3.   ,  4.   ],
           [-1.745,  4.686]])
    >>> (dx,) = vjp(y)
    >>> dx.round(3)
    array([[3., 4.],
           [3., 4.]])
    """
    x = float_array(rotary_embedding, x)
    if x.ndim < 2 or x.shape[-1] % 2:
        raise ValueError(f"rotary_embedding: x must be (..., l, e) with e even, but its shape is {x.shape}")
    positions = np.arange(x.shape[-2]) + integer_at_least(rotary_embedding, "offset", offset, 0)
    e = x.shape[-1] // 2
    base = positive_number(rotary_embedding, "base", base)
    # In float64, since a large position has no digits to spare; the powers are Python's, to the last one.
    angles = positions[:, None] * np.array([base ** (-j / e) for j in range(e)])
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    shape, dtype = x.shape, x.dtype

    def rotary_embedding_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(rotary_embedding, dy, shape, dtype)
        return (_rotated(dy, cos, -sin, interleaved),)

    return _rotated(x, cos, sin, interleaved), rotary_embedding_vjp


def _rotated(x: FloatArray, cos: FloatArray, sin: FloatArray, interleaved: bool) -> FloatArray:
    e = cos.shape[-1]
    first, second = (slice(0, None, 2), slice(1, None, 2)) if interleaved else (slice(0, e), slice(e, None))
    y = np.empty(x.shape, x.dtype)
    a, b = x[..., first], x[..., second]
    y[..., first] = a * cos - b * sin
    y[..., second] = b * cos + a * sin
    return y
