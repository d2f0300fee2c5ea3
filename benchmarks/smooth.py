"""Twenty smooth ops in float64, each with about a thousand entries to differentiate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import manual_bp

from .measuring import Op

Array = Any


def entrywise(name: str, value: Callable[[Array], Array], slope: Callable[[Array], Array]) -> Op:
    """An op that acts on each entry by itself."""

    def op(x: Array) -> tuple[Array, Op]:
        def vjp(dy: Array) -> tuple[Array]:
            return (dy * slope(x),)

        return value(x), vjp

    op.__name__ = name
    return op


def product(x: Array, w: Array) -> tuple[Array, Op]:
    """x @ w."""

    def product_vjp(dy: Array) -> tuple[Array, Array]:
        return dy @ w.T, x.T @ dy

    return x @ w, product_vjp


def log_sum_exp(x: Array) -> tuple[Array, Op]:
    """log sum exp of each row; its gradient is the softmax."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    y = np.log(e.sum(axis=1)) + x.max(axis=1)

    def log_sum_exp_vjp(dy: Array) -> tuple[Array]:
        return (dy[:, None] * e / e.sum(axis=1, keepdims=True),)

    return y, log_sum_exp_vjp


def normalise(x: Array) -> tuple[Array, Op]:
    """Each row minus its mean, over its deviation; the gradient loses its mean and its part along y."""
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    y = (x - x.mean(axis=1, keepdims=True)) / deviation

    def normalise_vjp(dy: Array) -> tuple[Array]:
        along = y * (dy * y).mean(axis=1, keepdims=True)
        return ((dy - dy.mean(axis=1, keepdims=True) - along) / deviation,)

    return y, normalise_vjp


def length(x: Array) -> tuple[Array, Op]:
    """The Euclidean length of each row."""
    y = np.sqrt((x * x).sum(axis=1))

    def length_vjp(dy: Array) -> tuple[Array]:
        return ((dy / y)[:, None] * x,)

    return y, length_vjp


def running_sum(x: Array) -> tuple[Array, Op]:
    """cumsum along rows, of the squares; the gradient sums from the other end."""

    def running_sum_vjp(dy: Array) -> tuple[Array]:
        return (2 * x * np.cumsum(dy[:, ::-1], axis=1)[:, ::-1],)

    return np.cumsum(x * x, axis=1), running_sum_vjp


def convolve(x: Array, kernel: Array) -> tuple[Array, Op]:
    """Correlation of a signal with a kernel, without padding."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.size)

    def convolve_vjp(dy: Array) -> tuple[Array, Array]:
        return np.convolve(dy, kernel), windows.T @ dy

    return windows @ kernel, convolve_vjp


def total(x: Array) -> tuple[Array, Op]:
    """A cost: the mean of log(1 + x^2)."""

    def total_vjp(dy: Array) -> tuple[Array]:
        return (dy * 2 * x / (1 + x * x) / x.size,)

    return np.mean(np.log1p(x * x)), total_vjp


def smooth_ops() -> list[tuple[Op, tuple[Array, ...]]]:
    """Each op with a point at which to judge it."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 25))
    ops: list[tuple[Op, tuple[Array, ...]]] = [
        (entrywise("exp", np.exp, np.exp), (x,)),
        (entrywise("sin", np.sin, np.cos), (x,)),
        (entrywise("cube", lambda x: x**3, lambda x: 3 * x**2), (x,)),
        (entrywise("reciprocal", lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2), (x,)),
        (entrywise("gaussian", lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x)), (x,)),
        (entrywise("softplus", lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + np.exp(-x))), (x,)),
        (entrywise("log", np.log, lambda x: 1 / x), (np.exp(x),)),
        (entrywise("sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x)), (np.exp(x),)),
        (manual_bp.sigmoid, (x,)),
        (manual_bp.tanh, (x,)),
        (manual_bp.softmax, (x,)),
        (manual_bp.cross_entropy, (x, rng.integers(0, 25, size=40))),
        (product, (x, rng.normal(size=(25, 6)) / 5)),
        (log_sum_exp, (x,)),
        (normalise, (x,)),
        (length, (x,)),
        (running_sum, (x,)),
        (convolve, (rng.normal(size=1000), rng.normal(size=7))),
        (total, (x,)),
        (manual_bp.two_layer, two_layer_inputs(rng)),
    ]
    return ops


def two_layer_inputs(rng: np.random.Generator) -> tuple[Array, ...]:
    """A network of about a thousand weights."""
    return (
        rng.normal(size=(40, 25)) / 5,
        rng.normal(size=(40, 1)) / 10,
        rng.normal(size=(3, 40)) / 6,
        rng.normal(size=(3, 1)) / 10,
        rng.normal(size=(25, 8)),
        rng.uniform(size=(3, 8)),
    )
