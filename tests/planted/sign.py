"""The wrong sign."""

import numpy as np

from .exhibit import two_backwards


def subtract(x, y):
    return x - y, None


def subtract_backward_adding(saved, dz):
    dx = dz.copy()
    dy = dz.copy()
    return dx, dy


def subtract_backward(saved, dz):
    dx = dz.copy()
    dy = -dz
    return dx, dy


def sine_times(x, y):
    """sin(x) y."""
    return np.sin(x) * y, (x, y)


def sine_times_backward_negated(saved, dz):
    x, y = saved
    dx = dz * np.cos(x) * y
    dy = -dz * np.sin(x)
    return dx, dy


def sine_times_backward(saved, dz):
    x, y = saved
    dx = dz * np.cos(x) * y
    dy = dz * np.sin(x)
    return dx, dy


def gated_scores(q, k, query_gate, key_gate):
    """sigmoid(q k^T - (query_gate + key_gate)); the backward computes the scores again."""
    scores = q @ k.T - (query_gate[:, None] + key_gate)
    return 0.5 * (1 + np.tanh(0.5 * scores)), (q, k, query_gate, key_gate)


def gated_scores_backward_gate_added(saved, dy):
    q, k, query_gate, key_gate = saved
    scores = q @ k.T + (query_gate[:, None] - key_gate)
    p = 0.5 * (1 + np.tanh(0.5 * scores))
    ds = dy * p * (1 - p)
    return ds @ k, ds.T @ q, -ds.sum(axis=1), -ds.sum(axis=0)


def gated_scores_backward(saved, dy):
    q, k, query_gate, key_gate = saved
    scores = q @ k.T - (query_gate[:, None] + key_gate)
    p = 0.5 * (1 + np.tanh(0.5 * scores))
    ds = dy * p * (1 - p)
    return ds @ k, ds.T @ q, -ds.sum(axis=1), -ds.sum(axis=0)


EXHIBITS = [
    two_backwards(
        "B048",
        "subtract adds for its second operand",
        "(m,n),(m,n)->(m,n)",
        cause="sign",
        forward=subtract,
        wrong=subtract_backward_adding,
        right=subtract_backward,
    ),
    two_backwards(
        "B049",
        "sin(x) y with -sin(x) for y",
        "(n),(n)->(n)",
        cause="sign",
        forward=sine_times,
        wrong=sine_times_backward_negated,
        right=sine_times_backward,
    ),
    two_backwards(
        "B050",
        "gated scores computed again with the other sign of a gate",
        "(n,d),(m,d),(n),(m)->(n,m)",
        cause={"operand-sign", "sign"},
        forward=gated_scores,
        wrong=gated_scores_backward_gate_added,
        right=gated_scores_backward,
    ),
]
