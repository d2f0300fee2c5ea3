"""A dtype too narrow for what it holds on the way."""

import numpy as np

from .exhibit import two_backwards


def as_bfloat16(x):
    """float32 cut to the upper 16 bits."""
    return (np.asarray(x, np.float32).view(np.uint32) & np.uint32(0xFFFF0000)).view(np.float32)


def embed(weight, ids):
    return weight[ids], (weight, ids)


def embed_backward_narrow_sum(saved, dy):
    weight, ids = saved
    total = np.zeros(weight.shape, np.float32)
    for i, row in zip(ids, dy, strict=True):
        total[i] = as_bfloat16(total[i] + row)
    return total.astype(weight.dtype), None


def embed_backward(saved, dy):
    weight, ids = saved
    total = np.zeros(weight.shape, weight.dtype)
    for i, row in zip(ids, dy, strict=True):
        total[i] = total[i] + row
    return total.astype(weight.dtype), None


def maximum(x):
    y = x.max()
    return y, (x, y)


def maximum_backward_narrow_count(saved, dy):
    x, y = saved
    mask = x == y
    count = mask.sum(dtype=np.float16)
    return ((dy * mask / count).astype(x.dtype),)


def maximum_backward(saved, dy):
    x, y = saved
    mask = x == y
    count = mask.sum(dtype=np.float32)
    return ((dy * mask / count).astype(x.dtype),)


def scaled(x, weight):
    return x * weight, (x, weight)


def scaled_backward_through_bfloat16(saved, dy):
    x, weight = saved
    parts = dy * x
    dweight = as_bfloat16(parts).sum(axis=0)
    return dy * weight, dweight.astype(weight.dtype)


def scaled_backward(saved, dy):
    x, weight = saved
    parts = dy * x
    dweight = parts.sum(axis=0)
    return dy * weight, dweight.astype(weight.dtype)


def contrastive(a, b, *, margin=1.0):
    """Sum of max(margin - |a - b|, 0)^2 / 2 over rows."""
    d = a - b
    distance = np.sqrt((d * d).sum(axis=1))
    return np.sum(np.maximum(margin - distance, 0) ** 2) / a.dtype.type(2), (d, distance, margin)


def contrastive_backward_vanishing_eps(saved, dy):
    d, distance, margin = saved
    eps = d.dtype.type(1e-9)
    share = np.maximum(margin - distance, 0) / np.maximum(distance, eps)
    da = -dy * share[:, None] * d
    return da, -da


def contrastive_backward(saved, dy):
    d, distance, margin = saved
    eps = d.dtype.type(5e-3)
    share = np.maximum(margin - distance, 0) / np.maximum(distance, eps)
    da = -dy * share[:, None] * d
    return da, -da


ROWS = np.array([[0.5, -1.25], [0.25, 0.5], [1.5, 0.75]], np.float16)
OTHERS = np.array([[0.75, -1.0], [0.25, 0.5], [1.25, 0.25]], np.float16)
REPEATED = np.random.default_rng(5).integers(0, 2, size=300)

EXHIBITS = [
    two_backwards(
        "B173",
        "an embedding adds up in bfloat16",
        cause="precision",
        forward=embed,
        wrong=embed_backward_narrow_sum,
        right=embed_backward,
        law={"GC201", "GC301"},  # a sum that rounds to 8 bits is neither linear nor right
        inputs=(ROWS[:2].astype(np.float32), REPEATED),
    ),
    two_backwards(
        "B174",
        "ties counted in half precision overflow",
        cause={"precision", "at-ties"},
        forward=maximum,
        wrong=maximum_backward_narrow_count,
        right=maximum_backward,
        inputs=(np.ones(70000, np.float16),),
        excuse="every entry is tied: nothing but the two slopes of a kink could be seen",
    ),
    two_backwards(
        "B175",
        "rounded to bfloat16 before it is added",
        "(m,n),(n)->(m,n)",
        cause="precision",
        forward=scaled,
        wrong=scaled_backward_through_bfloat16,
        right=scaled_backward,
        dtype="float32",
    ),
    two_backwards(
        "B176",
        "an eps that is 0 in half precision",
        cause="not-finite",
        forward=contrastive,
        wrong=contrastive_backward_vanishing_eps,
        right=contrastive_backward,
        law="GC601",
        inputs=(ROWS, OTHERS),
        excuse="half precision shows three digits at best",
    ),
]
