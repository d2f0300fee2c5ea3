"""Tiles: the tail not full, the wrong extent, an index type too narrow.

Kernels fail at 2^31 elements; here the index has 8 bits, so that a shape of a few hundred is enough.
"""

import numpy as np

from .exhibit import two_backwards


def final_state(x, delta, *, bias=0.5):
    """h[t] = exp(-softplus(delta[t] + bias)) h[t-1] + x[t]; the last h. The backward pads time to tiles of four."""
    decay = np.exp(-np.logaddexp(0, delta + bias))
    states = [0.0]
    for t in range(len(x)):
        states.append(decay[t] * states[-1] + x[t])
    return np.asarray(states[-1]), (np.array(states), delta, bias)


def final_state_backward_tail_decays(saved, dy, tile=4):
    states, delta, bias = saved
    length = len(delta)
    padded = np.pad(delta, (0, -length % tile))
    decay = np.exp(-np.logaddexp(0, padded + bias))
    after = np.append(np.cumprod(decay[::-1])[::-1][1:], 1.0)[:length]
    sigmoid = 0.5 * (1 + np.tanh(0.5 * (delta + bias)))
    return dy * after, -dy * after * states[:-1] * decay[:length] * sigmoid


def final_state_backward(saved, dy, tile=4):
    states, delta, bias = saved
    length = len(delta)
    padded = np.pad(delta, (0, -length % tile))
    decay = np.where(np.arange(len(padded)) < length, np.exp(-np.logaddexp(0, padded + bias)), 1)
    after = np.append(np.cumprod(decay[::-1])[::-1][1:], 1.0)[:length]
    sigmoid = 0.5 * (1 + np.tanh(0.5 * (delta + bias)))
    return dy * after, -dy * after * states[:-1] * decay[:length] * sigmoid


def linear_attention(q, k, v):
    """(q k^T) v without a softmax; q (n,d), k (m,d), v (m,e)."""
    return (q @ k.T) @ v, (q, k, v)


def linear_attention_backward_last_tile(saved, dy, tile=2):
    q, k, v = saved
    ds = np.zeros((len(q), len(k)))
    for start in range(0, v.shape[1], tile):
        columns = slice(start, start + tile)
        ds[...] = dy[:, columns] @ v[:, columns].T
    return ds @ k, ds.T @ q, (k @ q.T) @ dy


def linear_attention_backward_extent_of_keys(saved, dy, tile=2):
    q, k, v = saved
    ds = np.zeros((len(q), len(k)))
    for start in range(0, k.shape[1], tile):
        columns = slice(start, start + tile)
        ds[...] += dy[:, columns] @ v[:, columns].T
    return ds @ k, ds.T @ q, (k @ q.T) @ dy


def linear_attention_backward(saved, dy, tile=2):
    q, k, v = saved
    ds = np.zeros((len(q), len(k)))
    for start in range(0, v.shape[1], tile):
        columns = slice(start, start + tile)
        ds[...] += dy[:, columns] @ v[:, columns].T
    return ds @ k, ds.T @ q, (k @ q.T) @ dy


def grouped_heads(q, k):
    """q (heads,n) times k (groups,n), consecutive heads sharing a group."""
    share = len(q) // len(k)
    return q * np.repeat(k, share, axis=0), (q, k, share)


def grouped_heads_backward_modulo(saved, dy):
    q, k, share = saved
    dq, dk = np.zeros_like(q), np.zeros_like(k)
    for head in range(len(q)):
        dq[head] = dy[head] * k[head // share]
        dk[head % share] += dy[head] * q[head]
    return dq, dk


def grouped_heads_backward(saved, dy):
    q, k, share = saved
    dq, dk = np.zeros_like(q), np.zeros_like(k)
    for head in range(len(q)):
        dq[head] = dy[head] * k[head // share]
        dk[head // share] += dy[head] * q[head]
    return dq, dk


def scan_square(x):
    """x^2, written by flat offset."""
    return x**2, x


def scan_square_backward_narrow_offset(x, dy, index=np.int8):
    dx = np.zeros(x.size)
    offsets = np.arange(x.size).astype(index)
    dx[offsets] = (2 * x * dy).ravel()
    return (dx.reshape(x.shape),)


def scan_square_backward(x, dy, index=np.int64):
    dx = np.zeros(x.size)
    offsets = np.arange(x.size).astype(index)
    dx[offsets] = (2 * x * dy).ravel()
    return (dx.reshape(x.shape),)


def global_mean(x):
    """x (n,c,h,w) averaged over its pixels."""
    return x.mean(axis=(2, 3)), x.shape


def global_mean_backward_narrow_count(shape, dy):
    dx = np.zeros(shape)
    count = np.array(dx.size).astype(np.int8)
    share = np.broadcast_to(dy[:, :, None, None] / (shape[2] * shape[3]), shape)
    for flat in range(count):
        dx.flat[flat] = share.flat[flat]
    return (dx,)


def global_mean_backward(shape, dy):
    dx = np.zeros(shape)
    count = np.array(dx.size).astype(np.int64)
    share = np.broadcast_to(dy[:, :, None, None] / (shape[2] * shape[3]), shape)
    for flat in range(count):
        dx.flat[flat] = share.flat[flat]
    return (dx,)


def decayed_sums(x, *, rate=0.75):
    """y[t] = sum over s <= t of rate^(t-s) x[s]; the backward goes from chunk to chunk."""
    y = np.zeros_like(x)
    for t in range(len(x)):
        y[t] = x[t] + (rate * y[t - 1] if t else 0)
    return y, (x, rate)


def decayed_sums_backward_no_decay_to_the_end(saved, dy, chunk=8):
    x, rate = saved
    dx, state = np.zeros_like(x), 0.0
    for start in reversed(range(0, len(x), chunk)):
        part = dy[start : start + chunk]
        steps = np.arange(len(part))
        inside = np.triu(rate ** np.maximum(steps - steps[:, None], 0)) @ part
        dx[start : start + chunk] = inside + state
        state = rate * (inside[0] + rate ** (len(part) - 1) * state)
    return (dx,)


def decayed_sums_backward(saved, dy, chunk=8):
    x, rate = saved
    dx, state = np.zeros_like(x), 0.0
    for start in reversed(range(0, len(x), chunk)):
        part = dy[start : start + chunk]
        steps = np.arange(len(part))
        inside = np.triu(rate ** np.maximum(steps - steps[:, None], 0)) @ part
        dx[start : start + chunk] = inside + state * rate ** (len(part) - 1.0 - steps)
        state = rate * (inside[0] + rate ** (len(part) - 1) * state)
    return (dx,)


HEADS = np.round(np.random.default_rng(3).normal(size=(6, 2)), 2)
GROUPS = np.round(np.random.default_rng(4).normal(size=(3, 2)), 2)

EXHIBITS = [
    two_backwards(
        "B044",
        "the decay to the end of a chunk missing on one term",
        "(t)->(t)",
        cause={"elementwise-factor", "missing-factor"},
        forward=decayed_sums,
        wrong=decayed_sums_backward_no_decay_to_the_end,
        right=decayed_sums_backward,
        block=8,
    ),
    two_backwards(
        "B193",
        "selective scan decays through its padded tail",
        "(t),(t)->()",
        cause="last-block",
        forward=final_state,
        wrong=final_state_backward_tail_decays,
        right=final_state_backward,
    ),
    two_backwards(
        "B194",
        "the last tile of the value dimension wins",
        "(n,d),(m,d),(m,e)->(n,e)",
        cause="lost-contributions",
        forward=linear_attention,
        wrong=linear_attention_backward_last_tile,
        right=linear_attention_backward,
    ),
    two_backwards(
        "B196",
        "the extent of keys used for values",
        "(n,d),(m,d),(m,e)->(n,e)",
        cause={"lost-contributions", "last-block"},
        forward=linear_attention,
        wrong=linear_attention_backward_extent_of_keys,
        right=linear_attention_backward,
    ),
    two_backwards(
        "B197",
        "heads split by the wrong count",
        cause="reordered",
        forward=grouped_heads,
        wrong=grouped_heads_backward_modulo,
        right=grouped_heads_backward,
        inputs=(HEADS, GROUPS),
    ),
    two_backwards(
        "B200",
        "a flat offset wraps around",
        "(a,b,c,d)->(a,b,c,d)",
        cause="last-block",
        forward=scan_square,
        wrong=scan_square_backward_narrow_offset,
        right=scan_square_backward,
    ),
    two_backwards(
        "B202",
        "a count of elements wraps around and the loop does not run",
        "(n,c,h,w)->(n,c)",
        cause="missing",
        forward=global_mean,
        wrong=global_mean_backward_narrow_count,
        right=global_mean_backward,
    ),
]
