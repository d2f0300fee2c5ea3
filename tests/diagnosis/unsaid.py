"""Ops of which hardly anything may be said, with what may: for certain nothing else, ever.

Forwards that are staircases, narrow inside, short of digits, or random; backwards that are right; and wrong ones whose
mistake is no pattern, or one that looks like another. Some are correct, and some inconclusive: then the diagnosis is
asked all the same, as if the derivative had been refuted.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck import Case


@dataclass(frozen=True)
class Unsaid:
    """A case, and the causes that may be said of it."""

    case: Case
    may_say: Set[str] = frozenset()

    def __str__(self) -> str:
        return str(self.case)


N, MN = "(n)->(n)", "(m,n)->(m,n)"


def _of(name: str, forward: Callable[..., Any], backward: Callable[..., Any], signature: str, *said: str) -> Unsaid:
    """A case of ``forward(x)`` and ``backward(x, y, dy)``, one gradient."""

    def op(x):
        y = forward(x)
        return y, lambda dy: (np.asarray(backward(x, y, dy)),)

    return Unsaid(Case(op, signature, name=name), frozenset(said))


def _float32(x):
    return x.astype(np.float32)


def _rounded_to(bits):
    """To so many bits of the mantissa, as a narrow float is: bfloat16 keeps 8, float16 11."""

    def rounded(x):
        mantissa, exponent = np.frexp(x)
        return np.ldexp(np.round(mantissa * 2.0**bits) / 2.0**bits, exponent)

    return rounded


def _softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True)


def _softmax_back(y, dy):
    return y * (dy - (y * dy).sum(axis=-1, keepdims=True))


def _rms(x):
    return np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-6)


def _rms_back(x, dy):
    r = _rms(x)
    return dy / r - x * (dy * x).mean(axis=-1, keepdims=True) / r**3


def _columns(factors):
    """As many columns as factors, each of which the gradient is off by."""
    return lambda x, y, dy: 2 * x * dy * np.asarray(factors)


def _rows(factor_of):
    """Rows whose gradient is off by a factor of their index and count."""
    return lambda x, y, dy: 2 * x * dy * factor_of(np.arange(len(x)), len(x))[:, None]


def _square(x):
    return x**2


_drawing = np.random.default_rng(3)


def _mask(x):
    return _drawing.random(x.shape) < 0.5


def _dropout(x):
    mask = _mask(x) * 2.0
    return x * mask, lambda dy: (dy * mask,)


def _dropout_again(x):
    return x * 2.0, lambda dy: (dy * 2.0 * 2.0 * _mask(x),)


def _dropout_other_mask(x):
    masks = np.random.default_rng(x.size).random((2, *x.shape)) < 0.5
    return x**3 * masks[0], lambda dy: (3 * x**2 * dy * masks[1],)


def _dropout_on_zeros(x):
    mask = _mask(x)
    return x**2 * mask, lambda dy: (2 * x * mask * dy,)


def _quadratic(c, d):
    x, y = d[:, 0], d[:, 1]
    out = c[:, 0] * x * x + 2 * c[:, 1] * x * y + c[:, 2] * y * y

    def quadratic_vjp(g):
        dc = np.stack([g * x * x, g * x * y, g * y * y], axis=1)
        dd = np.stack([2 * g * (c[:, 0] * x + c[:, 1] * y), 2 * g * (c[:, 1] * x + c[:, 2] * y)], axis=1)
        return dc, dd

    return out, quadratic_vjp


def _bernoulli(beta):
    """log(1 - p) with p next to 1: most digits of it are gone."""
    p = 1 - np.exp(-(beta**2) - 20)
    return np.log(1 - p), lambda dy: (-2 * beta * dy,)


def _in_bfloat16():
    """The same by the framework that people use for it; left out where it is not installed."""
    try:
        import torch
    except ModuleNotFoundError:
        return []
    from gradcheck.adapters import from_torch

    class Triple(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return (3 * x).to(torch.bfloat16).to(x.dtype)

        @staticmethod
        def backward(ctx, dy):
            return 3 * dy

    class Soft(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = torch.softmax(x.float(), -1).to(x.dtype)
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, dy):
            (y,) = ctx.saved_tensors
            return (y.float() * (dy.float() - (y.float() * dy.float()).sum(-1, keepdim=True))).to(dy.dtype)

    return [
        Unsaid(Case(from_torch(Triple), N, name="three x in torch's bfloat16")),
        Unsaid(Case(from_torch(Triple), N, name="three x in torch's bfloat16, of float32", dtype="float32")),
        Unsaid(Case(from_torch(Soft), MN, name="softmax in torch's float32")),
    ]


STAIRCASES = [
    _of("round, straight through", lambda x: np.round(x / 0.25) * 0.25, lambda x, y, dy: dy, N, "staircase"),
    _of("floor, straight through", np.floor, lambda x, y, dy: dy * 1.0, MN, "staircase"),
    _of("ceil, twice the cotangent", np.ceil, lambda x, y, dy: 2 * dy, N, "staircase"),
    _of("quantise and clip", lambda x: np.clip(np.round(x / 0.25), -7, 7) * 0.25,
        lambda x, y, dy: dy * (np.abs(x) <= 1.75), N, "staircase"),
    _of("quantise to 64ths", lambda x: np.round(x * 64) / 64, lambda x, y, dy: dy.copy(), N, "staircase"),
    _of("sign, straight through", np.sign, lambda x, y, dy: dy.copy(), N, "staircase"),
    _of("sign within a window", np.sign, lambda x, y, dy: dy * (np.abs(x) <= 1), N, "staircase"),
    _of("a spike with a smooth slope", lambda x: np.float64(x > 0.5),
        lambda x, y, dy: dy / (1 + np.abs(x - 0.5)) ** 2, N, "staircase"),
    _of("one-hot of the largest", lambda x: np.float64(x == x.max(axis=1, keepdims=True, initial=-np.inf)),
        lambda x, y, dy: _softmax_back(_softmax(x), dy), MN, "staircase"),
    _of("binary weights with their mean", lambda x: np.sign(x) * np.abs(x).mean(axis=1, keepdims=True),
        lambda x, y, dy: dy.copy(), "(m,4)->(m,4)"),
    _of("x and its rounding", lambda x: x + np.round(x), lambda x, y, dy: 2 * dy, N),
    _of("scaled by the largest and rounded", lambda x: np.round(x / 0.3) * 0.3 * x.max(initial=0.0),
        lambda x, y, dy: dy * x.max(initial=0.0), N),
]  # fmt: skip

NARROW = [
    _of("sine in float32", lambda x: np.float64(np.sin(_float32(x))), lambda x, y, dy: np.cos(x) * dy, N),
    _of("sine in float16", lambda x: np.float64(np.sin(x.astype(np.float16))), lambda x, y, dy: np.cos(x) * dy, N),
    _of("three x to 8 bits", lambda x: _rounded_to(8)(3 * x), lambda x, y, dy: 3 * dy, N),
    _of("three x to 11 bits", lambda x: _rounded_to(11)(3 * x), lambda x, y, dy: 3 * dy, MN),
    _of("softmax in float32", lambda x: np.float64(_softmax(_float32(x))), lambda x, y, dy: _softmax_back(y, dy), MN),
    _of("an RMS norm to 8 bits", lambda x: _rounded_to(8)(x / _rms(x)), lambda x, y, dy: _rms_back(x, dy),
        "(m,4)->(m,4)"),
    _of("an RMS norm whose scale has 8 bits", lambda x: x * _rounded_to(8)(1 / _rms(x)),
        lambda x, y, dy: _rms_back(x, dy), "(m,4)->(m,4)"),
    _of("a cube to 8 bits, half of it", lambda x: _rounded_to(8)(x**3), lambda x, y, dy: 1.5 * x**2 * dy, N),
    _of("a cube in float32, half of it", lambda x: np.float64(_float32(x) ** 3), lambda x, y, dy: 1.5 * x**2 * dy, N),
    Unsaid(Case(_bernoulli, N, name="log(1 - p)")),
    *_in_bfloat16(),
]  # fmt: skip

DRAWN = [
    Unsaid(Case(_dropout, N, name="dropout")),
    Unsaid(Case(_dropout_on_zeros, N, name="dropout of squares")),
    Unsaid(Case(_dropout_again, MN, name="a mask drawn in the backward"), frozenset({"redrawn"})),
    Unsaid(Case(_dropout_other_mask, MN, name="the mask of another draw"), frozenset({"other-mask"})),
    _of("noise added", lambda x: x**2 + 0.1 * _drawing.normal(size=x.shape), lambda x, y, dy: x * dy, N),
]

PLACES = [
    Unsaid(Case(_quadratic, "(n,3),(n,2)->(n)", name="one column of a quadratic form"), frozenset({"at-index"})),
    _of("one column of three", _square, _columns([1, 0.5, 1]), "(m,3)->(m,3)", "at-index"),
    _of("the first of three", _square, _columns([3, 1, 1]), "(m,3)->(m,3)", "first-row"),
    _of("the last two of four", _square, _columns([1, 1, 2, 2]), "(m,4)->(m,4)", "at-index"),
    _of("two columns, each by its own", _square, _columns([1, 2, 1, 0.5]), "(m,4)->(m,4)", "at-index"),
    _of("every column by its own", _square, _columns([0.5, 2, 3]), "(m,3)->(m,3)", "line-factor"),
    _of("the second row", _square, _rows(lambda i, n: np.where(i == 1, 2.0, 1)), MN, "at-index"),
    _of("every other row", _square, _rows(lambda i, n: np.where(i % 2, 2.0, 1)), MN),
    _of("rows by the root of their number", _square, _rows(lambda i, n: np.sqrt(i + 2)), MN, "line-factor"),
    _of("a block", _square, lambda x, y, dy: 2 * x * dy * np.where(np.add.outer([1, 1, 0, 0], [0, 1, 1, 0]) > 1, 3, 1),
        "(4,4)->(4,4)"),
]  # fmt: skip

ODD = [
    _of("above the median", _square, lambda x, y, dy: 2 * x * dy * np.where(x > np.median(x), 2, 1), "(7)->(7)",
        "saturated"),
    _of("the largest of each row", _square,
        lambda x, y, dy: 2 * x * dy * np.where(x == x.max(axis=1, keepdims=True, initial=-np.inf), 2, 1), MN,
        "saturated"),
    _of("a mean that does not belong there", _square, lambda x, y, dy: 2 * x * dy + dy.mean(axis=-1, keepdims=True),
        MN, "extra-term", "other-term"),
    _of("a sum that does not belong there", lambda x: np.sin(x),
        lambda x, y, dy: np.cos(x) * dy + 0.5 * dy.sum(axis=0, keepdims=True), MN, "extra-term", "other-term"),
    _of("a wave of the index", _square, lambda x, y, dy: 2 * x * dy + 0.1 * dy * np.cos(np.arange(x.size)), N,
        "extra-term", "other-term"),
    _of("a ripple of the values", _square, lambda x, y, dy: 2 * x * dy * (1 + 0.1 * np.cos(3 * x + 1)), N),
    _of("rows of length 1", lambda x: np.sin(x), lambda x, y, dy: np.cos(x) * dy / (1e-9 + np.sqrt(
        ((np.cos(x) * dy) ** 2).sum(axis=1, keepdims=True))), MN, "line-factor", "cotangent-normalised"),
    _of("a matrix of its own", lambda x: x**3,
        lambda x, y, dy: (3 * x**2 * dy) @ np.array([[1, 0.3, 0], [0, 1, -0.2], [0.1, 0, 1]]), "(m,3)->(m,3)"),
    _of("sorted", np.sin, lambda x, y, dy: np.sort(np.cos(x) * dy, axis=-1), MN),
    _of("moved and added", np.sin, lambda x, y, dy: np.cos(x) * dy + 0.3 * np.roll(np.cos(x) * dy, 1, axis=-1), MN),
    _of("a ripple finer than the values", np.sin, lambda x, y, dy: np.cos(x) * dy * (1 + 1e-4 * np.sin(1e3 * x)), MN),
    _of("squashed", np.sin, lambda x, y, dy: np.tanh(np.cos(x) * dy), MN, "cotangent-clipped"),
    _of("a hundredth too large", np.sin, lambda x, y, dy: 1.01 * np.cos(x) * dy, MN, "factor"),
    _of("a chequerboard", _square, lambda x, y, dy: 2 * x * dy * (1 + np.add.outer(*map(np.arange, x.shape)) % 2), MN),
    _of("by a power of the size", _square, lambda x, y, dy: 2 * x * dy * x.size**0.3, N),
]  # fmt: skip

SITUATIONS: tuple[Unsaid, ...] = (*STAIRCASES, *NARROW, *DRAWN, *PLACES, *ODD)
