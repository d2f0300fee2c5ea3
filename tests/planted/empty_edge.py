"""Ranks, negative axes and sizes at the edge."""

import numpy as np

from .exhibit import two_backwards


def mean_rows(x):
    """The mean over axis 0; of a vector, shape (1,)."""
    return x.mean(axis=0, keepdims=x.ndim == 1), x.shape


def mean_rows_backward_always_unsqueezes(shape, dy):
    g = np.expand_dims(dy, 0)
    return (np.repeat(g, shape[0], axis=0) / shape[0],)


def mean_rows_backward(shape, dy):
    g = np.expand_dims(dy, 0) if dy.ndim < len(shape) else dy
    return (np.repeat(g, shape[0], axis=0) / shape[0],)


def softmax(x, *, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    y = e / e.sum(axis=axis, keepdims=True)
    return y, (y, axis)


def softmax_backward_negative_axis(saved, dy):
    y, axis = saved
    along = (dy * y).sum(axis=axis)
    if axis >= 0:
        along = np.expand_dims(along, axis)
    return (y * (dy - along),)


def softmax_backward(saved, dy):
    y, axis = saved
    along = (dy * y).sum(axis=axis)
    if axis >= -y.ndim:
        along = np.expand_dims(along, axis)
    return (y * (dy - along),)


def trace(x):
    return np.trace(x), x.shape


def trace_backward_through_all(shape, dy):
    dx = np.zeros(shape)
    dx.flat[:: shape[1] + 1] = dy
    return (dx,)


def trace_backward(shape, dy):
    dx = np.zeros(shape)
    dx.flat[: shape[1] * shape[1] : shape[1] + 1] = dy
    return (dx,)


EXHIBITS = [
    two_backwards(
        "B187",
        "mean of a vector adds an axis that was never lost",
        "(n)->(1)",
        cause="extra-axis",
        forward=mean_rows,
        wrong=mean_rows_backward_always_unsqueezes,
        right=mean_rows_backward,
        law="GC105",
    ),
    two_backwards(
        "B188",
        "softmax does not understand a negative axis",
        "(a,b,c)->(a,b,c)",
        cause={"raises", "wrong-axis"},
        forward=softmax,
        wrong=softmax_backward_negative_axis,
        right=softmax_backward,
        law={"GC101", "GC301"},  # it raises, or broadcasts where sizes happen to agree
        options={"axis": [-1, 1]},
    ),
    two_backwards(
        "B189",
        "trace of a tall matrix steps beyond its diagonal",
        "(m,n)->()",
        cause="off-diagonal",
        forward=trace,
        wrong=trace_backward_through_all,
        right=trace_backward,
    ),
]
