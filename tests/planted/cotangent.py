"""The cotangent ignored, used twice, assumed, or one of several dropped."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards


def huber(x, target):
    """Sum over each row of the Huber loss with delta = 1."""
    d = x - target
    part = np.where(np.abs(d) < 1, d * d / 2, np.abs(d) - 0.5)
    return part.sum(axis=1), d


def huber_backward_ignored(d, dy):
    dx = np.clip(d, -1, 1)
    return dx, -dx


def huber_backward(d, dy):
    dx = dy[:, None] * np.clip(d, -1, 1)
    return dx, -dx


def penalised(loss, logits, *, strength=0.1):
    """A loss plus half the square of the largest logit of each row."""
    rows, largest = np.arange(len(logits)), logits.argmax(axis=1)
    top = logits[rows, largest]
    return loss + strength * np.sum(top**2) / 2, (logits, rows, largest, strength)


def penalised_backward_unscaled(saved, dy):
    logits, rows, largest, strength = saved
    dlogits = np.zeros_like(logits)
    dlogits[rows, largest] = strength * logits[rows, largest]
    return dy, dlogits


def penalised_backward(saved, dy):
    logits, rows, largest, strength = saved
    dlogits = np.zeros_like(logits)
    dlogits[rows, largest] = dy * strength * logits[rows, largest]
    return dy, dlogits


def alignment(x):
    """Minus the log of the summed weight of all monotone paths through x (t,s): the recursion of CTC."""
    alpha = np.full((len(x) + 1, x.shape[1] + 1), -np.inf)
    alpha[0, 0] = 0
    for t in range(len(x)):
        alpha[t + 1, 1:] = x[t] + np.logaddexp(alpha[t, 1:], alpha[t, :-1])
        alpha[t + 1, 0] = alpha[t, 0]
    total = np.logaddexp.reduce(alpha[-1])
    beta = np.zeros(x.shape[1] + 1)
    gradient = np.zeros_like(x)
    for t in reversed(range(len(x))):
        gradient[t] = -np.exp(alpha[t + 1, 1:] + beta[1:] - total)
        stay, step = np.append(0.0, x[t]) + beta, x[t] + beta[1:]
        beta = np.logaddexp(stay, np.append(step, -np.inf))
    return -total, gradient


def alignment_backward_unscaled(gradient, dy):
    return (gradient.copy(),)


def alignment_backward(gradient, dy):
    return (gradient * dy,)


def trace(x):
    return np.trace(x), len(x)


def trace_backward_twice(size, dy):
    eye = dy * np.eye(size)
    return (dy * eye,)


def trace_backward(size, dy):
    eye = np.eye(size)
    return (dy * eye,)


def fused_cross_entropy(logits, labels, *, scale=0.5):
    """One loss a row; the gradient is made in the forward, for a cotangent of scale."""
    rows = np.arange(len(logits))
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    losses = -np.log(p[rows, labels])
    p[rows, labels] -= 1
    return losses, (scale * p, scale)


def fused_cross_entropy_backward_as_saved(saved, dy):
    gradient, scale = saved
    return gradient.copy(), None


def fused_cross_entropy_backward(saved, dy):
    gradient, scale = saved
    return gradient * (dy / scale)[:, None], None


def cell(previous, gate, candidate):
    """The last step of an LSTM: its hidden state and its cell state."""
    c = previous * gate + candidate
    h = np.tanh(c)
    return (h, c), (previous, gate, h)


def cell_backward_one_output(saved, dy):
    previous, gate, h = saved
    dh, _ = dy
    dc = dh * (1 - h**2)
    return dc * gate, dc * previous, dc.copy()


def cell_backward(saved, dy):
    previous, gate, h = saved
    dh, dlast = dy
    dc = dh * (1 - h**2) + dlast
    return dc * gate, dc * previous, dc.copy()


LABELS = {"labels": Integers(0, "c")}

EXHIBITS = [
    two_backwards(
        "B002",
        "Huber loss ignores its cotangent",
        "(m,n),(m,n)->(m)",
        cause="cotangent-ignored",
        forward=huber,
        wrong=huber_backward_ignored,
        right=huber_backward,
        law="GC202",
    ),
    two_backwards(
        "B004",
        "a penalty not scaled by the cotangent",
        "(),(m,n)->()",
        cause="cotangent-ignored",
        forward=penalised,
        wrong=penalised_backward_unscaled,
        right=penalised_backward,
        law="GC202",
    ),
    two_backwards(
        "B005",
        "CTC returns the gradient of its forward unscaled",
        "(t,s)->()",
        cause="cotangent-ignored",
        forward=alignment,
        wrong=alignment_backward_unscaled,
        right=alignment_backward,
        law="GC202",
    ),
    two_backwards(
        "B008",
        "trace multiplies by its cotangent twice",
        "(n,n)->()",
        cause="cotangent-power",
        forward=trace,
        wrong=trace_backward_twice,
        right=trace_backward,
        law="GC201",
    ),
    two_backwards(
        "B009",
        "fused cross entropy assumes which cotangent will come",
        "(m,c),(m)->(m)",
        cause="cotangent-ignored",
        forward=fused_cross_entropy,
        wrong=fused_cross_entropy_backward_as_saved,
        right=fused_cross_entropy_backward,
        law="GC202",
        domains=LABELS,
    ),
    two_backwards(
        "B011",
        "the cotangent of the cell state dropped",
        "(n),(n),(n)->(n),(n)",
        cause="cotangent-dropped",
        forward=cell,
        wrong=cell_backward_one_output,
        right=cell_backward,
    ),
]
