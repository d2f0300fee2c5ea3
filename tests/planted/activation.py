"""The derivative of an activation, taken at the wrong place or with the wrong branch."""

import numpy as np

from .exhibit import two_backwards


def tanh(z):
    a = np.tanh(z)
    return a, (z, a)


def tanh_backward_at_output(saved, dy):
    z, a = saved
    return (dy / np.cosh(a) ** 2,)


def tanh_backward(saved, dy):
    z, a = saved
    return (dy / np.cosh(z) ** 2,)


def hard_sigmoid(x):
    return np.clip(x / 6 + 0.5, 0, 1), x


def hard_sigmoid_backward_never_flat(x, dy):
    dx = dy / 6
    return (dx,)


def hard_sigmoid_backward(x, dy):
    dx = np.where(np.abs(x) < 3, dy / 6, 0)
    return (dx,)


def softplus(x, *, beta=1.0, threshold=20.0):
    """The identity above the threshold, log(1 + exp(beta x)) / beta below."""
    y = np.where(x * beta > threshold, x, np.logaddexp(0, beta * x) / beta)
    return y, (x, y, beta, threshold)


def softplus_backward_threshold_on_output(saved, dy):
    x, y, beta, threshold = saved
    sigmoid = 0.5 * (1 + np.tanh(0.5 * beta * x))
    return (np.where(y * beta > threshold, dy, dy * sigmoid),)


def softplus_backward(saved, dy):
    x, y, beta, threshold = saved
    sigmoid = 0.5 * (1 + np.tanh(0.5 * beta * x))
    return (np.where(x * beta > threshold, dy, dy * sigmoid),)


def softplus_of_parts(x):
    """max(x, 0) + log(1 + exp(-|x|))."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), x


def softplus_of_parts_backward_at_the_seam(x, dy):
    tail = np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))
    step = (x > 0).astype(x.dtype)
    return (dy * (step - np.sign(x) * tail),)


def softplus_of_parts_backward(x, dy):
    tail = np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))
    step = np.heaviside(x, 0.5)
    return (dy * (step - np.sign(x) * tail),)


EXHIBITS = [
    two_backwards(
        "B082",
        "tanh differentiated at its output",
        "(n)->(n)",
        cause="at-output",
        forward=tanh,
        wrong=tanh_backward_at_output,
        right=tanh_backward,
    ),
    two_backwards(
        "B083",
        "hard sigmoid not flat where it saturates",
        "(n)->(n)",
        cause={"saturated", "at-borders"},
        forward=hard_sigmoid,
        wrong=hard_sigmoid_backward_never_flat,
        right=hard_sigmoid_backward,
    ),
    two_backwards(
        "B084",
        "softplus tests its threshold on the output",
        "(n)->(n)",
        cause={"at-output", "saturated", "at-borders"},
        forward=softplus,
        wrong=softplus_backward_threshold_on_output,
        right=softplus_backward,
        options={"beta": [1.0, 2.0], "threshold": [20.0, 1.0]},
    ),
    two_backwards(
        "B086",
        "softplus picks up max and abs at their seam",
        "(n)->(n)",
        cause="at-zeros",
        forward=softplus_of_parts,
        wrong=softplus_of_parts_backward_at_the_seam,
        right=softplus_of_parts_backward,
    ),
]
