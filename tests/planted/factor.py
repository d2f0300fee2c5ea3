"""A factor missing, or one too many."""

import numpy as np

from gradcheck import Integers

from .exhibit import two_backwards


def distance(x, y, *, norm=2.0):
    """The p-norm of each row of x - y."""
    d = x - y
    n = (np.abs(d) ** norm).sum(axis=1, keepdims=True) ** (1 / norm)
    return n[:, 0], (d, n, norm)


def distance_backward_without_norm(saved, dz):
    d, n, norm = saved
    dx = dz[:, None] * d
    return dx, -dx


def distance_backward(saved, dz):
    d, n, norm = saved
    share = np.abs(d) / np.where(n > 0, n, 1)
    dx = dz[:, None] * np.sign(d) * share ** (norm - 1)
    return dx, -dx


def convolution_weight(weight, *, x):
    """x (n,c,h,w), a constant here, with weight (o,c,i,j)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    return np.einsum("ncpqij,ocij->nopq", windows, weight), windows


def convolution_weight_backward_averaged(windows, dy):
    n, _, p, q = dy.shape
    return (np.einsum("ncpqij,nopq->ocij", windows, dy) / (n * p * q),)


def convolution_weight_backward(windows, dy):
    n, _, p, q = dy.shape
    return (np.einsum("ncpqij,nopq->ocij", windows, dy),)


def symmetric_cholesky(a):
    """The lower factor of the symmetric part of a."""
    lower = np.linalg.cholesky((a + a.T) / 2)
    return lower, lower


def symmetric_cholesky_backward_triangular(lower, dy):
    inverse = np.linalg.inv(lower)
    phi = np.tril(lower.T @ dy)
    phi -= np.diag(np.diag(phi)) / 2
    s = inverse.T @ phi @ inverse
    s = s + s.T
    return (np.triu(s) - np.diag(np.diag(s)) / 2,)


def symmetric_cholesky_backward(lower, dy):
    inverse = np.linalg.inv(lower)
    phi = np.tril(lower.T @ dy)
    phi -= np.diag(np.diag(phi)) / 2
    s = inverse.T @ phi @ inverse
    s = s + s.T
    return (s / 2,)


def two_layers(w1, w2, x):
    """J = sum((W2 tanh(W1 X))^2) / (2 m); samples are columns."""
    a1 = np.tanh(w1 @ x)
    z2 = w2 @ a1
    return np.sum(z2**2) / (2 * x.shape[1]), (w1, w2, x, a1, z2)


def two_layers_backward_averaged_twice(saved, dy):
    w1, w2, x, a1, z2 = saved
    m = x.shape[1]
    dz2 = dy * z2 / m
    dz1 = w2.T @ dz2 * (1 - a1**2) / m
    return dz1 @ x.T, dz2 @ a1.T, w1.T @ dz1


def two_layers_backward(saved, dy):
    w1, w2, x, a1, z2 = saved
    m = x.shape[1]
    dz2 = dy * z2 / m
    dz1 = w2.T @ dz2 * (1 - a1**2)
    return dz1 @ x.T, dz2 @ a1.T, w1.T @ dz1


def fused_dropout(x, mask, *, p=0.5):
    return x * mask / (1 - p), (mask, p)


def fused_dropout_backward_times_p(saved, dy):
    mask, p = saved
    return dy * mask * p, None


def fused_dropout_backward(saved, dy):
    mask, p = saved
    return dy * mask / (1 - p), None


def dropout_v1(x, mask, *, p=0.5, training=True):
    """The first version: nothing is scaled in training, everything in evaluation."""
    return (x * mask if training else x * (1 - p)), (mask, p, training)


def dropout_v1_backward_divided(saved, dy):
    mask, p, training = saved
    dx = dy * mask if training else dy / (1 - p)
    return dx, None


def dropout_v1_backward(saved, dy):
    mask, p, training = saved
    dx = dy * mask if training else dy * (1 - p)
    return dx, None


def hidden(x, weight, bias):
    h = np.tanh(x @ weight + bias)
    return h, (x, weight, h)


def hidden_backward_mean_bias(saved, dy):
    x, weight, h = saved
    dz = dy * (1 - h**2)
    return dz @ weight.T, x.T @ dz, dz.mean(axis=0)


def hidden_backward(saved, dy):
    x, weight, h = saved
    dz = dy * (1 - h**2)
    return dz @ weight.T, x.T @ dz, dz.sum(axis=0)


def steep_sigmoid(x, *, slope=1.0):
    s = 0.5 * (1 + np.tanh(0.5 * slope * x))
    return s, (s, slope)


def steep_sigmoid_backward_without_slope(saved, dy):
    s, slope = saved
    return (dy * s * (1 - s),)


def steep_sigmoid_backward(saved, dy):
    s, slope = saved
    return (dy * slope * s * (1 - s),)


def repeat(x, *, repeats=2):
    """Each row several times, (m,n) -> (m repeats, n)."""
    return np.repeat(x, repeats, axis=0), (x, repeats)


def repeat_backward_summing_the_axis(saved, dy):
    x, repeats = saved
    dx = np.zeros_like(x)
    dx[...] = dy.sum(axis=0)
    return (dx,)


def repeat_backward(saved, dy):
    x, repeats = saved
    dx = np.zeros_like(x)
    dx[...] = dy.reshape(len(x), repeats, -1).sum(axis=1)
    return (dx,)


IMAGES = np.round(np.random.default_rng(1).normal(size=(2, 2, 4, 4)), 2)
KERNELS = np.round(np.random.default_rng(2).normal(size=(3, 2, 3, 2)), 2)
POSITIVE = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, -0.25], [0.5, -0.25, 2.0]])
GRID = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])
MASK = {"mask": Integers(0, 2)}

EXHIBITS = [
    two_backwards(
        "B032",
        "pairwise distance without the factor of its norm",
        "(m,n),(m,n)->(m)",
        cause="elementwise-factor",
        forward=distance,
        wrong=distance_backward_without_norm,
        right=distance_backward,
        options={"norm": [2.0, 3.0]},
    ),
    two_backwards(
        "B033",
        "convolution averages its weight gradient",
        cause="size-factor",
        forward=convolution_weight,
        wrong=convolution_weight_backward_averaged,
        right=convolution_weight_backward,
        inputs=(KERNELS,),
        options={"x": IMAGES},
    ),
    two_backwards(
        "B035",
        "Cholesky halves only the diagonal and returns a triangle",
        cause="off-diagonal",
        forward=symmetric_cholesky,
        wrong=symmetric_cholesky_backward_triangular,
        right=symmetric_cholesky_backward,
        inputs=(POSITIVE,),
    ),
    two_backwards(
        "B036",
        "1/m twice in a two-layer network",
        "(h,i),(o,h),(i,m)->()",
        cause="size-factor",
        forward=two_layers,
        wrong=two_layers_backward_averaged_twice,
        right=two_layers_backward,
    ),
    two_backwards(
        "B037",
        "dropout scaled by p instead of 1/(1-p)",
        "(n),(n)->(n)",
        cause="option-factor",
        forward=fused_dropout,
        wrong=fused_dropout_backward_times_p,
        right=fused_dropout_backward,
        options={"p": [0.5, 0.1]},
        domains=MASK,
    ),
    two_backwards(
        "B038",
        "dropout in evaluation divides where it multiplied",
        "(n),(n)->(n)",
        cause="option-factor",
        forward=dropout_v1,
        wrong=dropout_v1_backward_divided,
        right=dropout_v1_backward,
        options={"p": 0.2, "training": [True, False]},
        domains=MASK,
    ),
    two_backwards(
        "B040",
        "bias gradient averaged over the batch",
        "(n,i),(i,o),(o)->(n,o)",
        cause="size-factor",
        forward=hidden,
        wrong=hidden_backward_mean_bias,
        right=hidden_backward,
    ),
    two_backwards(
        "B042",
        "sigmoid forgets its slope",
        "(n)->(n)",
        cause="option-factor",
        forward=steep_sigmoid,
        wrong=steep_sigmoid_backward_without_slope,
        right=steep_sigmoid_backward,
        options={"slope": [1.0, 2.0, 0.5]},
    ),
    two_backwards(
        "B046",
        "repeat sums the whole axis",
        cause={"summed-too-far", "wrong-axis"},
        forward=repeat,
        wrong=repeat_backward_summing_the_axis,
        right=repeat_backward,
        inputs=(GRID,),
        options={"repeats": [2, 3]},
    ),
]
