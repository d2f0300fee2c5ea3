"""Multi-head attention with a packed projection of its inputs, and its backward pass."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .._broadcasting import summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays, integer_at_least
from ..layers._checks import boolean_array, of_shape, optional_float_array, up_to_the_last_given, with_axes
from ..layers.linear import linear
from ._attend import attend, causal
from .scaled_dot_product_attention import Mask, split_mask


@signature("(l,n,e),(s,n,e),(s,n,e),(3*e,e),(3*e),(e,e),(e)->(l,n,e)")
def multi_head_attention(
    query: FloatArray,
    key: FloatArray,
    value: FloatArray,
    in_proj_weight: FloatArray,
    in_proj_bias: FloatArray | None,
    out_proj_weight: FloatArray,
    out_proj_bias: FloatArray | None = None,
    attn_mask: Mask | None = None,
    key_padding_mask: npt.NDArray[np.bool_] | None = None,
    *,
    num_heads: int = 1,
    is_causal: bool = False,
    batch_first: bool = False,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray | None, ...]]]:
    """Attention by several heads, each on its own projection of query, key and value, and a projection of all heads.

    Shapes: `query` (l, n, e), `key` and `value` (s, n, e), or with the first two axes exchanged (`batch_first`);
    `in_proj_weight` (3 e, e) holds the projections of query, key and value one below the other, `in_proj_bias` (3
    e,) or None; `out_proj_weight` (e, e), `out_proj_bias` (e,) or None; `y` is shaped like `query`. Head h has
    entries h e / num_heads and following of each projection. `attn_mask` (l, s) or (n num_heads, l, s): booleans
    say which keys a row may *not* look at, floats are added to the scores. `key_padding_mask` (n, s): the keys that
    no row of a sample may look at. Both as in PyTorch, where scaled_dot_product_attention reads a boolean the other
    way round. A row without a key has the value 0 before the last projection.

    Derivation. A chain of proved parts: three `linear`, `attend` head by head, `linear`. The backward takes their
    vjps in reverse order, and between them undoes the split into heads, which only moves entries. The three
    projections share no entry of the packed weight, so its gradient is theirs, one below the other.

    The closure keeps what these parts keep. A boolean mask and a bias of None have None as their gradient; behind
    the last input that was given none is returned. Where query, key and value are one array, add up their
    gradients.

    Raises TypeError when an input is not a floating array, the dtypes differ or a mask is of another dtype, and
    ValueError when shapes do not fit or `num_heads` does not divide e; the vjp raises ValueError when `dy` is not
    shaped like `y`.

    >>> import numpy as np
    >>> x, weight = np.array([[[0.0]], [[np.log(3.0)]]]), np.ones((3, 1))
    >>> y, vjp = multi_head_attention(x, x, np.array([[[4.0]], [[8.0]]]), weight, None, np.array([[2.0]]))
    >>> y[0]
    array([[12.]])
    >>> dquery, dkey, dvalue, din, _, dout = vjp(np.array([[[1.0]], [[0.0]]]))
    >>> dvalue.ravel()
    array([1., 1.])
    >>> dout
    array([[6.]])
    """
    op = multi_head_attention
    query, key, value, in_proj_weight, out_proj_weight = float_arrays(
        op, query=query, key=key, value=value, in_proj_weight=in_proj_weight, out_proj_weight=out_proj_weight
    )
    in_proj_bias = optional_float_array(op, "in_proj_bias", in_proj_bias, query.dtype)
    out_proj_bias = optional_float_array(op, "out_proj_bias", out_proj_bias, query.dtype)
    layout = "(n, {}, e)" if batch_first else "({}, n, e)"
    for name, array, axis in (("query", query, "l"), ("key", key, "s"), ("value", value, "s")):
        with_axes(op, name, array, layout.format(axis))
    shape = query.shape
    if batch_first:
        query, key, value = query.swapaxes(0, 1), key.swapaxes(0, 1), value.swapaxes(0, 1)
    (rows, n, e), s = query.shape, key.shape[0]
    of_shape(
        op, "key", key, (s, n, e), "as query has it, with samples on axis 1" if not batch_first else "samples first"
    )
    of_shape(op, "value", value, (s, n, e), "that of key")
    of_shape(op, "in_proj_weight", in_proj_weight, (3 * e, e), "three projections of query, key and value")
    of_shape(op, "in_proj_bias", in_proj_bias, (3 * e,), "one entry for each row of in_proj_weight")
    of_shape(op, "out_proj_weight", out_proj_weight, (e, e), "a projection of all heads")
    of_shape(op, "out_proj_bias", out_proj_bias, (e,), "one entry for each row of out_proj_weight")
    if s == 0:
        raise ValueError(f"multi_head_attention: needs at least one key, but key is {key.shape}")
    heads = integer_at_least(op, "num_heads", num_heads, 1)
    if e % heads:
        raise ValueError(f"multi_head_attention: num_heads must divide the {e} entries of query, but it is {heads}")
    added, allowed = _masks(attn_mask, key_padding_mask, (n, heads, rows, s), query.dtype)
    if is_causal:
        allowed = causal(rows, s) if allowed is None else allowed & causal(rows, s)

    biases = (None,) * 3 if in_proj_bias is None else np.split(in_proj_bias, 3)
    weights = np.split(in_proj_weight, 3)
    projections = [linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True)]
    q, k, v = (_to_heads(projected, heads) for projected, _ in projections)
    mixed, attend_vjp = attend(q, k, v, added, allowed, 1.0 / math.sqrt(max(1, e // heads)))
    y, out_vjp = linear(_from_heads(mixed), out_proj_weight, out_proj_bias)

    def multi_head_attention_vjp(dy: Cotangent) -> tuple[FloatArray | None, ...]:
        dy = cotangent(op, dy, shape, q.dtype)
        dmerged, *dout = out_vjp(dy.swapaxes(0, 1) if batch_first else dy)
        *dheads, dscores = attend_vjp(_to_heads(dmerged, heads))
        parts = [vjp(_from_heads(d)) for d, (_, vjp) in zip(dheads, projections, strict=True)]
        dquery, dkey, dvalue = (part[0].swapaxes(0, 1) if batch_first else part[0] for part in parts)
        din_weight = np.concatenate([part[1] for part in parts])
        din_bias = None if in_proj_bias is None else np.concatenate([part[2] for part in parts])
        dmask = None
        if added is not None and attn_mask is not None:
            dmask = summed_to(dscores, added.shape).reshape(attn_mask.shape)
        dout_bias = dout[1] if len(dout) > 1 else None
        gradients = dquery, dkey, dvalue, din_weight, din_bias, dout[0], dout_bias, dmask, None
        given = (query, key, value, in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias)
        return up_to_the_last_given(gradients, (*given, attn_mask, key_padding_mask))

    return y.swapaxes(0, 1) if batch_first else y, multi_head_attention_vjp


def _to_heads(x: FloatArray, heads: int) -> FloatArray:
    """From (l, n, e) to (n, heads, l, e / heads)."""
    rows, n, e = x.shape
    return x.reshape(rows, n, heads, e // heads).transpose(1, 2, 0, 3)


def _from_heads(x: FloatArray) -> FloatArray:
    """From (n, heads, l, e / heads) to (l, n, e)."""
    n, heads, rows, width = x.shape
    return x.transpose(2, 0, 1, 3).reshape(rows, n, heads * width)


def _masks(
    attn_mask: Mask | None,
    key_padding_mask: npt.NDArray[np.bool_] | None,
    scores: tuple[int, int, int, int],
    dtype: np.dtype[np.floating],
) -> tuple[FloatArray | None, npt.NDArray[np.bool_] | None]:
    """What is added to the scores (n, heads, l, s), and where a row may look."""
    op, (n, heads, rows, s) = multi_head_attention, scores
    if attn_mask is not None and np.shape(attn_mask) not in ((rows, s), (n * heads, rows, s)):
        raise ValueError(
            f"multi_head_attention: attn_mask must have shape {(rows, s)} or {(n * heads, rows, s)}, but its shape is "
            f"{np.shape(attn_mask)}"
        )
    added, barred = split_mask(op, "attn_mask", attn_mask, dtype, (n * heads, rows, s))
    if added is not None and added.ndim == 3:
        added = added.reshape(scores)
    allowed = None if barred is None else ~(barred.reshape(scores) if barred.ndim == 3 else barred)
    if key_padding_mask is not None:
        padding = boolean_array(op, "key_padding_mask", key_padding_mask)
        of_shape(op, "key_padding_mask", padding, (n, s), "an entry for each key of each sample")
        keys = ~padding[:, None, None, :]
        allowed = keys if allowed is None else allowed & keys
    return added, allowed
