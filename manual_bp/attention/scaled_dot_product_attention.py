"""Scaled dot-product attention and its backward pass."""

import math
from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt

from .._broadcasting import summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays, positive_number
from ._attend import attend, causal

Mask = FloatArray | npt.NDArray[np.bool_]


@signature("(b,l,e),(b,s,e),(b,s,v)->(b,l,v)")
def scaled_dot_product_attention(
    query: FloatArray,
    key: FloatArray,
    value: FloatArray,
    attn_mask: Mask | None = None,
    *,
    is_causal: bool = False,
    scale: float | None = None,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray | None, ...]]]:
    """Attention, y = softmax(scale query key^T + mask) value, row by row.

    Shapes: `query` (..., l, e), `key` (..., s, e), `value` (..., s, v), `y` (..., l, v); axes in front broadcast.
    `attn_mask` broadcasts to (..., l, s): booleans say which keys a row may look at, floats are added to the
    scores. `is_causal` lets row i look at keys 0 to i. `scale` is 1 / sqrt(e) where it is not given. A row that may
    look at no key has the value 0, as in PyTorch.

    Derivation. With scores s, weights p = softmax(s) and dp = dy value^T, the softmax of each row gives ds = p (dp
    - sum of p dp); the products give dquery = scale ds key, dkey = scale ds^T query, dvalue = p^T dy, and a float
    mask has ds (`_attend.py`). What broadcasting repeated collects the sum of its copies.

    The closure keeps the inputs and p, l s numbers for each entry of the axes in front. A boolean mask has None as its
    gradient; a mask that was left out has no entry.

    Raises TypeError when an input is not a floating array, the dtypes differ or the mask is neither boolean nor of
    that dtype, and ValueError when the shapes do not fit or `scale` is not a positive number; the vjp raises
    ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> query, key, value = np.array([[1.0], [1.0]]), np.log([[1.0], [3.0]]), np.array([[4.0], [8.0]])
    >>> y, vjp = scaled_dot_product_attention(query, key, value, is_causal=True)
    >>> y
    array([[4.],
           [7.]])
    >>> dquery, dkey, dvalue = vjp(np.array([[1.0], [4.0]]))
    >>> dvalue
    array([[2.],
           [3.]])
    >>> dkey
    array([[-3.],
           [ 3.]])
    """
    op = scaled_dot_product_attention
    query, key, value = float_arrays(op, query=query, key=key, value=value)
    _check_shapes(query, key, value)
    rows, keys = query.shape[-2], key.shape[-2]
    front = np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    added, allowed = split_mask(op, "attn_mask", attn_mask, query.dtype, (*front, rows, keys))
    if is_causal:
        allowed = causal(rows, keys) if allowed is None else allowed & causal(rows, keys)
    factor = 1.0 / math.sqrt(max(1, query.shape[-1])) if scale is None else positive_number(op, "scale", scale)
    y, attend_vjp = attend(query, key, value, added, allowed, factor)
    shape, dtype = y.shape, y.dtype

    def scaled_dot_product_attention_vjp(dy: Cotangent) -> tuple[FloatArray | None, ...]:
        dy = cotangent(op, dy, shape, dtype)
        dq, dk, dv, ds = attend_vjp(dy)
        gradients = summed_to(dq, query.shape), summed_to(dk, key.shape), summed_to(dv, value.shape)
        if attn_mask is None:
            return gradients
        return *gradients, None if added is None else summed_to(ds, added.shape)

    return y, scaled_dot_product_attention_vjp


def split_mask(
    op: Callable[..., object], name: str, mask: Mask | None, dtype: np.dtype[np.floating], shape: tuple[int, ...]
) -> tuple[FloatArray | None, npt.NDArray[np.bool_] | None]:
    """A mask as what is added to the scores, or as the keys that it names; an error unless it broadcasts to `shape`."""
    if mask is None:
        return None, None
    if not isinstance(mask, np.ndarray) or mask.dtype not in (np.dtype(np.bool_), dtype):
        kind = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(f"{op.__name__}: {name} must be an array of booleans or of {dtype}, but it is {kind}")
    sizes = mask.shape[::-1]
    if mask.ndim > len(shape) or any(own not in (1, whole) for own, whole in zip(sizes, shape[::-1], strict=False)):
        raise ValueError(f"{op.__name__}: {name} must broadcast to the scores, {shape}, but its shape is {mask.shape}")
    if mask.dtype == np.bool_:
        return None, cast(npt.NDArray[np.bool_], mask)
    return cast(FloatArray, mask), None


def _check_shapes(query: FloatArray, key: FloatArray, value: FloatArray) -> None:
    shapes = f"query is {query.shape}, key is {key.shape}, value is {value.shape}"
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise ValueError(
            "scaled_dot_product_attention: query must be (..., l, e), key (..., s, e) and value (..., s, v), but "
            f"{shapes}"
        )
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(f"scaled_dot_product_attention: query and key must have one last axis, but {shapes}")
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(f"scaled_dot_product_attention: key and value must have as many rows, but {shapes}")
    if key.shape[-2] == 0:
        raise ValueError(f"scaled_dot_product_attention: needs at least one key, but {shapes}")
    try:
        np.broadcast_shapes(query.shape[:-2], key.shape[:-2], value.shape[:-2])
    except ValueError:
        raise ValueError(
            f"scaled_dot_product_attention: the axes in front of the last two must broadcast, but {shapes}"
        ) from None
