"""Masks forgotten, guessed, or not applied to the tail."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards


def dropout(x, mask, *, p=0.5):
    y = x * mask / (1 - p)
    return y, (x, y, mask, p)


def dropout_backward_without_mask(saved, dy):
    x, y, mask, p = saved
    return dy / (1 - p), None


def dropout_backward_mask_from_values(saved, dy):
    x, y, mask, p = saved
    scale = np.where(x == 0, 1.0, y / np.where(x == 0, 1, x))
    return dy * scale, None


def dropout_backward(saved, dy):
    x, y, mask, p = saved
    return dy * mask / (1 - p), None


def softmax_of_head(x, last):
    """Softmax of x[: last + 1], zeros behind; the backward goes in tiles of two."""
    length = int(last) + 1
    kept = np.where(np.arange(len(x)) < length, x, -np.inf)
    lse = kept.max() + np.log(np.exp(kept - kept.max()).sum())
    return np.exp(kept - lse), (x, lse, length)


def softmax_of_head_backward_tail_not_masked(saved, dy, tile=2):
    x, lse, length = saved
    p = np.where(np.arange(len(x)) < length, np.exp(np.minimum(x - lse, 0)), 0)
    along = np.sum(p * dy)
    dx = np.zeros_like(x)
    for start in range(0, length, tile):
        rows = np.arange(start, min(start + tile, len(x)))
        dx[rows] = np.exp(x[rows] - lse) * (dy[rows] - along)
    return dx, None


def softmax_of_head_backward(saved, dy, tile=2):
    x, lse, length = saved
    p = np.where(np.arange(len(x)) < length, np.exp(np.minimum(x - lse, 0)), 0)
    along = np.sum(p * dy)
    dx = np.zeros_like(x)
    for start in range(0, length, tile):
        rows = np.arange(start, min(start + tile, length))
        dx[rows] = np.exp(x[rows] - lse) * (dy[rows] - along)
    return dx, None


def causal_attention(q, k, v):
    """Query i sees the keys up to i + len(k) - len(q); a query that sees none gives zeros."""
    scores = q @ k.T
    mask = np.tri(len(q), len(k), len(k) - len(q), dtype=bool)
    kept = np.where(mask, scores, -np.inf)
    top = kept.max(axis=1, keepdims=True, initial=-np.inf)
    total = np.where(mask, np.exp(kept - top), 0).sum(axis=1, keepdims=True)
    lse = top + np.log(total)
    return np.where(mask, np.exp(scores - lse), 0) @ v, (q, k, v, scores, mask, lse)


def causal_attention_backward_first_mask_only(saved, dy):
    q, k, v, scores, mask, lse = saved
    p = np.exp(np.where(mask, scores, -np.inf) - lse)
    dp = dy @ v.T
    ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, p.T @ dy


def causal_attention_backward(saved, dy):
    q, k, v, scores, mask, lse = saved
    p = np.where(mask, np.exp(scores - lse), 0)
    dp = dy @ v.T
    ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, p.T @ dy


MASK = {"mask": Integers(0, 2)}

EXHIBITS = [
    two_backwards(
        "B120",
        "dropout forgets its mask",
        "(n),(n)->(n)",
        cause={"elementwise-factor", "masked"},
        forward=dropout,
        wrong=dropout_backward_without_mask,
        right=dropout_backward,
        domains=MASK,
    ),
    two_backwards(
        "B121",
        "dropout guesses its mask from zeros",
        "(n),(n)->(n)",
        cause="at-zeros",
        forward=dropout,
        wrong=dropout_backward_mask_from_values,
        right=dropout_backward,
        domains=MASK,
    ),
    two_backwards(
        "B123",
        "the last tile reads beyond the length",
        "(n),()->(n)",
        cause={"last-block", "last-row"},
        forward=softmax_of_head,
        wrong=softmax_of_head_backward_tail_not_masked,
        right=softmax_of_head_backward,
        domains={"last": Integers(0, "n")},
    ),
    two_backwards(
        "B124",
        "a query that sees no key is NaN",
        "(n,d),(m,d),(m,e)->(n,e)",
        cause="not-finite",
        forward=causal_attention,
        wrong=causal_attention_backward_first_mask_only,
        right=causal_attention_backward,
        law="GC107",
    ),
]
