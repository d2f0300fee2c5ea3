"""Formulas that are right on paper and overflow or cancel in floating point."""

import numpy as np

from gradcheck import Integers, Reals

from .exhibit import two_backwards


def cross_entropy(logits, labels):
    """Mean over n rows."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -logs[np.arange(len(logits)), labels].mean(), (logs, labels)


def cross_entropy_backward_rounded_before(saved, dy):
    logs, labels = saved
    n, rows = len(labels), np.arange(len(labels))
    dlogits = np.exp(logs) / n
    dlogits[rows, labels] = dlogits[rows, labels].astype(np.float16)
    dlogits[rows, labels] -= 1 / n
    return dy * dlogits, None


def cross_entropy_backward(saved, dy):
    logs, labels = saved
    n, rows = len(labels), np.arange(len(labels))
    dlogits = np.exp(logs) / n
    dlogits[rows, labels] = np.expm1(logs[rows, labels]) / n
    return dy * dlogits, None


def softplus(x):
    return np.logaddexp(0, x), x


def softplus_backward_written_out(x, dy):
    e = np.exp(x)
    return (dy * (e / (1 + e)),)


def softplus_backward(x, dy):
    e = np.exp(-np.abs(x))
    return (dy * np.where(x < 0, e, 1) / (1 + e),)


def expit(x):
    s = np.exp(-np.logaddexp(0, -x))
    return s, (x, s)


def expit_backward_of_exponentials(saved, dy):
    x, s = saved
    e = np.exp(-x)
    return (dy * e / (1 + e) ** 2,)


def expit_backward(saved, dy):
    x, s = saved
    e = np.exp(-np.abs(x))
    return (dy * e / (1 + e) ** 2,)


def decayed_sums(x, decay):
    """y[t] = sum over s <= t of exp(decay[s+1] + ... + decay[t]) x[s], with decay < 0."""
    y = np.zeros_like(x)
    state = 0.0
    for t in range(len(x)):
        state = state * np.exp(decay[t]) + x[t]
        y[t] = state
    return y, (x, y, decay)


def decayed_sums_backward_absolute_exponents(saved, dy):
    x, y, decay = saved
    total = np.cumsum(decay)
    dx = np.zeros_like(x)
    for s in range(len(x)):
        dx[s] = np.exp(-total[s]) * np.sum(np.exp(total[s:]) * dy[s:])
    before = np.append(0.0, y[:-1])[: len(x)]
    return dx, dx * before * np.exp(decay)


def decayed_sums_backward(saved, dy):
    x, y, decay = saved
    total = np.cumsum(decay)
    dx = np.zeros_like(x)
    for s in range(len(x)):
        dx[s] = np.sum(np.exp(total[s:] - total[s]) * dy[s:])
    before = np.append(0.0, y[:-1])[: len(x)]
    return dx, dx * before * np.exp(decay)


EXHIBITS = [
    two_backwards(
        "B165",
        "cross entropy rounds a probability before 1 is subtracted",
        "(n,c),(n)->()",
        cause="precision",
        forward=cross_entropy,
        wrong=cross_entropy_backward_rounded_before,
        right=cross_entropy_backward,
        domains={"labels": Integers(0, "c")},
    ),
    two_backwards(
        "B166",
        "softplus by e/(1 + e), inf/inf",
        "(n)->(n)",
        cause="not-finite",
        forward=softplus,
        wrong=softplus_backward_written_out,
        right=softplus_backward,
        law="GC107",
    ),
    two_backwards(
        "B168",
        "the exponential of a total instead of a difference",
        "(t),(t)->(t)",
        cause="not-finite",
        forward=decayed_sums,
        wrong=decayed_sums_backward_absolute_exponents,
        right=decayed_sums_backward,
        law="GC107",
        domains={"decay": Reals(None, 0)},
    ),
    two_backwards(
        "B169",
        "expit of a large negative number is inf/inf",
        "(n)->(n)",
        cause="not-finite",
        forward=expit,
        wrong=expit_backward_of_exponentials,
        right=expit_backward,
        law="GC107",
    ),
]
