"""Wrong backwards that no hypothesis was tuned on, with the causes that state what was planted, and their right twins.

Written before the hypotheses were measured on them. `python -m benchmarks diagnosis` prints how many are stated.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck import Case, Integers, Reals


@dataclass(frozen=True)
class Unseen:
    """A wrong case, its right twin, and the acceptable names of the planted cause."""

    wrong: Case
    right: Case
    causes: Set[str]

    def __str__(self) -> str:
        return str(self.wrong)


def layer_norm(bug=None, eps=1e-5):
    def layer_norm(x, gain, bias):
        centred = x - x.mean(axis=1, keepdims=True)
        rstd = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + eps)
        hat = centred * rstd

        def layer_norm_vjp(dy):
            g = dy if bug == "gain" else dy * gain
            mean = 0 if bug == "mean" else g.mean(axis=1, keepdims=True)
            along = 0 if bug == "projection" else (g * hat).mean(axis=1, keepdims=True)
            dx = rstd * (g - mean - hat * along)
            dgain = dy * hat if bug == "unsummed" else (dy * hat).sum(axis=0)
            dbias = dy.mean(axis=0) if bug == "averaged" else dy.sum(axis=0)
            return dx, dgain, dbias

        return hat * gain + bias, layer_norm_vjp

    return layer_norm


def batch_norm(bug=None, eps=1e-5):
    def batch_norm(x):
        centred = x - x.mean(axis=0)
        rstd = 1 / np.sqrt((centred**2).mean(axis=0) + eps)
        hat = centred * rstd

        def batch_norm_vjp(dy):
            if bug == "constant":
                return (dy * rstd,)
            axis = 1 if bug == "axis" else 0
            return (rstd * (dy - dy.mean(axis=axis, keepdims=True) - hat * (dy * hat).mean(axis=0)),)

        return hat, batch_norm_vjp

    return batch_norm


def gelu(bug=None):
    def gelu(x):
        inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
        t = np.tanh(inner)
        slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)

        def gelu_vjp(dy):
            if bug == "term":
                return (dy * 0.5 * x * (1 - t**2) * slope,)
            if bug == "sigmoid":
                s = 1 / (1 + np.exp(-1.702 * x))
                return (dy * (s + 1.702 * x * s * (1 - s)),)
            return (dy * (0.5 * (1 + t) + 0.5 * x * (1 - t**2) * slope),)

        return 0.5 * x * (1 + t), gelu_vjp

    return gelu


def silu(bug=None):
    def silu(x):
        s = 0.5 * (1 + np.tanh(0.5 * x))

        def silu_vjp(dy):
            if bug == "term":
                return (dy * s,)
            if bug == "output":
                y = x * s
                s_y = 0.5 * (1 + np.tanh(0.5 * y))
                return (dy * (s_y + y * s_y * (1 - s_y)),)
            return (dy * (s + x * s * (1 - s)),)

        return x * s, silu_vjp

    return silu


def embedding(bug=None):
    def embedding(table, ids):
        def embedding_vjp(dy):
            dtable = np.zeros_like(table)
            if bug == "wins":
                dtable[ids] = dy
            else:
                np.add.at(dtable, ids, dy)
            return dtable, None

        return table[ids], embedding_vjp

    return embedding


def attention(bug=None):
    def attention(q, k, v):
        scale = 1 / np.sqrt(q.shape[1])
        s = q @ k.T * scale
        a = np.exp(s - s.max(axis=1, keepdims=True))
        a /= a.sum(axis=1, keepdims=True)

        def attention_vjp(dy):
            da = dy @ v.T
            ds = da * a * (1 - a) if bug == "diagonal" else a * (da - (da * a).sum(axis=1, keepdims=True))
            dq = ds @ k * (1 if bug == "scale" else scale)
            dk = ds.T @ q * scale
            dv = a @ dy if bug == "transpose" else a.T @ dy
            return (dk, dq, dv) if bug == "order" else (dq, dk, dv)

        return a @ v, attention_vjp

    return attention


def convolution(bug=None):
    """x (n,c,l) with weight (o,c,3), padded by one on each side."""

    def convolution(x, weight):
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, 3, axis=2)

        def convolution_vjp(dy):
            dpadded = np.zeros_like(padded)
            for tap in range(3):
                dpadded[:, :, tap : tap + x.shape[2]] += np.einsum("nol,oc->ncl", dy, weight[:, :, tap])
            dx = dpadded[:, :, 2:] if bug == "offset" else dpadded[:, :, 1:-1]
            if bug == "offset":
                dx = np.concatenate([dx, np.zeros_like(dx[:, :, :1])], axis=2)
            if bug == "edges":
                dx[:, :, [0, -1]] = 0
            dweight = np.einsum("nol,nclt->oct", dy, windows)
            if bug == "flip":
                dweight = dweight[:, :, ::-1].copy()
            if bug == "channels":
                dweight = dweight.transpose(1, 0, 2).copy()
            return dx.copy(), dweight

        return np.einsum("nclt,oct->nol", windows, weight), convolution_vjp

    return convolution


def row_maximum(bug=None):
    def row_maximum(x):
        y = x.max(axis=1)

        def row_maximum_vjp(dy):
            hit = (x == y[:, None]).astype(float)
            if bug != "ties":
                hit /= hit.sum(axis=1, keepdims=True)
            return (hit * dy[:, None],)

        return y, row_maximum_vjp

    return row_maximum


def pooled(bug=None):
    def average_pool(x, *, window=3):
        usable = x.shape[1] // window * window
        y = x[:, :usable].reshape(len(x), -1, window).mean(axis=2)

        def average_pool_vjp(dy):
            dx = np.zeros_like(x)
            dx[:, :usable] = np.repeat(dy, window, axis=1) / (1 if bug == "window" else window)
            return (dx,)

        return y, average_pool_vjp

    return average_pool


def mean_square(bug=None):
    def mean_square(prediction, target):
        d = prediction - target

        def mean_square_vjp(dy):
            g = dy * d * (1 if bug == "two" else 2) / (1 if bug == "mean" else d.size)
            return g, g.copy() if bug == "sign" else -g

        return np.mean(d**2), mean_square_vjp

    return mean_square


def cross_entropy(bug=None):
    def cross_entropy(logits, labels):
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(logits))

        def cross_entropy_vjp(dy):
            g = p.copy()
            if bug == "softmax":
                g = np.exp(logits - logits.max(axis=0))
                g /= g.sum(axis=0)
            g[rows, labels] -= 1
            return (g / (len(logits) * (1 if bug != "twice" else len(logits))) * (1 if bug == "ignored" else dy), None)

        return -np.mean(np.log(p[rows, labels])), cross_entropy_vjp

    return cross_entropy


def huber(bug=None):
    def huber(x, *, delta=1.0):
        small = np.abs(x) < delta

        def huber_vjp(dy):
            return (dy * x if bug == "unclipped" else dy * np.clip(x, -delta, delta),)

        return np.where(small, 0.5 * x**2, delta * (np.abs(x) - 0.5 * delta)), huber_vjp

    return huber


def bilinear(bug=None):
    def bilinear(x, matrix, y):
        def bilinear_vjp(dz):
            dx = dz * (matrix.T @ y if bug == "operand" else matrix @ y)
            dmatrix = dz * (np.outer(y, x) if bug == "transposed" else np.outer(x, y))
            return dx, dmatrix, dz * (matrix.T @ x)

        return x @ matrix @ y, bilinear_vjp

    return bilinear


def running_sum(bug=None):
    def running_sum(x):
        def running_sum_vjp(dy):
            return (np.cumsum(dy) if bug == "direction" else np.cumsum(dy[::-1])[::-1].copy(),)

        return np.cumsum(x), running_sum_vjp

    return running_sum


def dropout(bug=None):
    def dropout(x, mask, *, p=0.3):
        def dropout_vjp(dy):
            g = dy if bug == "mask" else dy * mask
            return g if bug == "scale" else g / (1 - p), None

        return x * mask / (1 - p), dropout_vjp

    return dropout


def unit_length(bug=None):
    def unit_length(x):
        n = np.sqrt((x**2).sum(axis=1, keepdims=True))
        y = x / n

        def unit_length_vjp(dy):
            return (dy / n if bug == "constant" else (dy - y * (dy * y).sum(axis=1, keepdims=True)) / n,)

        return y, unit_length_vjp

    return unit_length


def product(bug=None):
    def product(a, b):
        def product_vjp(dy):
            da = dy @ b if bug == "transpose" else dy @ b.T
            return da, a.T @ dy

        return a @ b, product_vjp

    return product


def quotient(bug=None):
    def quotient(a, b):
        def quotient_vjp(dy):
            return dy / b, (dy * a / b**2) if bug == "sign" else (-dy * a / b if bug == "square" else -dy * a / b**2)

        return a / b, quotient_vjp

    return quotient


def power(bug=None):
    def power(x, *, exponent=3.0):
        def power_vjp(dy):
            return (dy * x ** (exponent - 1) * (1 if bug == "exponent" else exponent),)

        return x**exponent, power_vjp

    return power


def complex_product(bug=None):
    def complex_product(a, b):
        def complex_product_vjp(dy):
            return dy * (b if bug == "conjugate" else np.conj(b)), dy * np.conj(a)

        return a * b, complex_product_vjp

    return complex_product


def shifted_rows(bug=None):
    def add_bias(x, bias):
        def add_bias_vjp(dy):
            extra = tuple(range(dy.ndim - bias.ndim))
            db = dy.mean(axis=extra) if bug == "mean" else dy.sum(axis=extra)
            return dy.copy(), db

        return x + bias, add_bias_vjp

    return add_bias


def accumulating(bug=None):
    def squares(x):
        kept = np.zeros_like(x)

        def squares_vjp(dy):
            if bug == "buffer":
                kept[...] += 2 * x * dy
                return (kept.copy(),)
            return (2 * x * dy,)

        return x**2, squares_vjp

    return squares


def scaled_in_place(bug=None):
    def doubled(x):
        def doubled_vjp(dy):
            if bug == "write":
                dy *= 2
                return (dy.copy(),)
            return (2 * dy,)

        return 2 * x, doubled_vjp

    return doubled


def moments(bug=None):
    def moments(x):
        mean = x.mean(axis=1)
        centred = x - mean[:, None]

        def moments_vjp(dy):
            dmean, dvariance = dy
            n = x.shape[1]
            g = np.broadcast_to(dmean[:, None] / n, x.shape).copy()
            if bug != "dropped":
                g += 2 * centred * dvariance[:, None] / (n if bug == "count" else n - 1)
            return (g,)

        return (mean, (centred**2).sum(axis=1) / (x.shape[1] - 1)), moments_vjp

    return moments


def spread(bug=None):
    def deviation(x):
        centred = x - x.mean(axis=1, keepdims=True)
        y = np.abs(centred).sum(axis=1)

        def deviation_vjp(dy):
            g = centred / np.abs(centred) if bug == "zero" else np.sign(centred)
            return (dy[:, None] * (g - g.mean(axis=1, keepdims=True)),)

        return y, deviation_vjp

    return deviation


def upsample(bug=None):
    def upsample(x):
        def upsample_vjp(dy):
            pairs = dy.reshape(len(x), x.shape[1], 2)
            return (pairs[:, :, 0].copy() if bug == "first" else pairs.sum(axis=2),)

        return np.repeat(x, 2, axis=1), upsample_vjp

    return upsample


def leaky(bug=None):
    def leaky(x, *, slope=0.1):
        def leaky_vjp(dy):
            return (dy * np.where(x > 0, 1, 0 if bug == "slope" else slope),)

        return np.where(x > 0, x, slope * x), leaky_vjp

    return leaky


def recurrent(bug=None):
    def recurrent(x, state, into, within):
        h = np.tanh(into @ x + within @ state)

        def recurrent_vjp(dy):
            dz = dy * (1 - h**2)
            dinto = np.outer(dy if bug == "activation" else dz, x)
            return into.T @ dz, within.T @ dz, dinto, np.outer(dz, state)

        return h, recurrent_vjp

    return recurrent


def half_precision(bug=None):
    def cubes(x):
        def cubes_vjp(dy):
            g = 3 * x**2
            return (dy * (g.astype(np.float16).astype(float) if bug == "half" else g),)

        return x**3, cubes_vjp

    return cubes


def take_rows(bug=None):
    def all_but_last(x):
        def all_but_last_vjp(dy):
            dx = np.zeros_like(x)
            dx[1:] = dy
            if bug is None:
                dx[:-1], dx[-1] = dy, 0
            return (dx,)

        return x[:-1].copy(), all_but_last_vjp

    return all_but_last


def shares(bug=None):
    def shares(x):
        total = x.sum(axis=1, keepdims=True)
        y = x / total

        def shares_vjp(dy):
            return (dy / total if bug == "constant" else (dy - (dy * y).sum(axis=1, keepdims=True)) / total,)

        return y, shares_vjp

    return shares


def lower(bug=None):
    def lower(x):
        def lower_vjp(dy):
            return (2 * x * dy if bug == "upper" else 2 * x * np.tril(dy),)

        return np.tril(x) ** 2, lower_vjp

    return lower


def exponential(bug=None):
    def exponential(x):
        y = np.exp(x)

        def exponential_vjp(dy):
            return (dy * x if bug == "input" else dy * y,)

        return y, exponential_vjp

    return exponential


def _pair(make: Callable[..., Any], bug: str, signature: str, *causes: str, **more: Any) -> Unseen:
    name = f"{make.__name__}: {bug}"
    return Unseen(Case(make(bug), signature, name=name, **more), Case(make(), signature, **more), frozenset(causes))


LABELS = {"labels": Integers(0, "c")}
NORM = "(m,n),(n),(n)->(m,n)"
ATTENTION = "(n,d),(n,d),(n,d)->(n,d)"
CONVOLUTION = "(n,c,l),(o,c,3)->(n,o,l)"

EXHIBITS = [
    _pair(layer_norm, "gain", NORM, "operand-ignored", "elementwise-factor"),
    _pair(layer_norm, "mean", NORM, "missing-mean"),
    _pair(layer_norm, "projection", NORM, "missing-projection"),
    _pair(layer_norm, "unsummed", NORM, "axis-not-summed"),
    _pair(layer_norm, "averaged", NORM, "size-factor"),
    _pair(batch_norm, "constant", "(m,n)->(m,n)", "missing-projection", "missing-mean"),
    _pair(batch_norm, "axis", "(m,n)->(m,n)", "wrong-axis", "missing-mean"),
    _pair(gelu, "term", "(n)->(n)", "missing-term"),
    _pair(gelu, "sigmoid", "(n)->(n)", "other-function"),
    _pair(silu, "term", "(n)->(n)", "missing-term"),
    _pair(silu, "output", "(n)->(n)", "at-output"),
    _pair(embedding, "wins", "(v,d),(k)->(k,d)", "duplicates", "lost-contributions", domains={"ids": Integers(0, "v")}),
    _pair(attention, "scale", ATTENTION, "size-factor"),
    _pair(attention, "order", ATTENTION, "other-argument"),
    _pair(attention, "transpose", ATTENTION, "transposed", "operand-transposed"),
    _pair(attention, "diagonal", ATTENTION, "diagonal-only", "missing-mean"),
    _pair(convolution, "offset", CONVOLUTION, "shifted"),
    _pair(convolution, "edges", CONVOLUTION, "at-ends"),
    _pair(convolution, "flip", CONVOLUTION, "reordered"),
    _pair(convolution, "channels", CONVOLUTION, "transposed"),
    _pair(row_maximum, "ties", "(m,n)->(m)", "at-ties"),
    _pair(pooled, "window", "(m,6)->(m,2)", "option-factor"),
    _pair(mean_square, "two", "(m,n),(m,n)->()", "factor"),
    _pair(mean_square, "mean", "(m,n),(m,n)->()", "size-factor"),
    _pair(mean_square, "sign", "(m,n),(m,n)->()", "sign", "other-argument"),
    _pair(cross_entropy, "softmax", "(m,c),(m)->()", "wrong-axis", domains=LABELS),
    _pair(cross_entropy, "twice", "(m,c),(m)->()", "size-factor", domains=LABELS),
    _pair(cross_entropy, "ignored", "(m,c),(m)->()", "cotangent-ignored", domains=LABELS),
    _pair(huber, "unclipped", "(n)->(n)", "saturated", options={"delta": [1.0, 2.0]}),
    _pair(bilinear, "operand", "(n),(n,n),(n)->()", "operand-transposed"),
    _pair(bilinear, "transposed", "(n),(n,n),(n)->()", "transposed"),
    _pair(running_sum, "direction", "(n)->(n)", "transposed", "reordered", "operand-transposed"),
    _pair(
        dropout,
        "mask",
        "(n),(n)->(n)",
        "elementwise-factor",
        "masked",
        "operand-ignored",
        domains={"mask": Integers(0, 2)},
    ),
    _pair(
        dropout, "scale", "(n),(n)->(n)", "option-factor", domains={"mask": Integers(0, 2)}, options={"p": [0.3, 0.6]}
    ),
    _pair(unit_length, "constant", "(m,n)->(m,n)", "missing-projection"),
    _pair(product, "transpose", "(n,n),(n,n)->(n,n)", "operand-transposed"),
    _pair(quotient, "sign", "(n),(n)->(n)", "sign", domains={"b": Reals(0.5, None)}),
    _pair(quotient, "square", "(n),(n)->(n)", "elementwise-factor", domains={"b": Reals(0.5, None)}),
    _pair(power, "exponent", "(n)->(n)", "option-factor", options={"exponent": [3.0, 2.0]}),
    _pair(complex_product, "conjugate", "(n),(n)->(n)", "conjugate", dtype="complex128"),
    _pair(shifted_rows, "mean", "(b,m,n),(n)->(b,m,n)", "size-factor"),
    _pair(accumulating, "buffer", "(n)->(n)", "accumulates"),
    _pair(scaled_in_place, "write", "(n)->(n)", "in-place"),
    _pair(moments, "dropped", "(m,3)->(m),(m)", "cotangent-dropped"),
    _pair(moments, "count", "(m,3)->(m),(m)", "size-factor"),
    _pair(spread, "zero", "(m,n)->(m)", "not-finite"),
    _pair(upsample, "first", "(m,3)->(m,6)", "lost-contributions"),
    _pair(leaky, "slope", "(n)->(n)", "negative"),
    _pair(recurrent, "activation", "(i),(h),(h,i),(h,h)->(h)", "elementwise-factor", "activation-missing"),
    _pair(half_precision, "half", "(n)->(n)", "precision"),
    _pair(take_rows, "index", "(4,n)->(3,n)", "shifted"),
    _pair(shares, "constant", "(m,n)->(m,n)", "missing-mean", domains={"x": Reals(0.1, None)}),
    _pair(lower, "upper", "(n,n)->(n,n)", "off-diagonal"),
    _pair(exponential, "input", "(n)->(n)", "other-function"),
]
