"""One wrong backward for each cause, which must be named, and as near to it as a thousandth, where it must not be.

A row gives a forward, a backward that has the bug, and the name. The near miss is the same backward with a little added
to each gradient, so that the pattern no longer holds; ``near`` is another backward where that does not spoil it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck import Case, Integers
from gradcheck.adapters import from_pair


@dataclass(frozen=True)
class Row:
    """``cause`` is the stable name; ``argument`` the input whose gradient has it."""

    cause: str
    argument: str
    wrong: Case
    near: Case

    def __str__(self) -> str:
        return f"{self.cause} of {self.argument}"


def _nearly(backward: Callable[..., Any]) -> Callable[..., Any]:
    """The same backward with a thousandth of something else in each gradient, linear in the cotangent."""

    def nearly(saved: Any, dy: Any) -> Any:
        total = sum(np.sum(u) for u in dy) if isinstance(dy, tuple) else np.sum(dy)
        found = backward(saved, dy)
        return tuple(g if g is None else g + 1e-3 * np.real(total) * _waves(np.shape(g)) for g in found)

    return nearly


def _waves(shape: tuple[int, ...]) -> Any:
    return np.cos(1.7 * np.arange(int(np.prod(shape))) + 1).reshape(shape)


def row(
    cause: str,
    argument: str,
    signature: str | None,
    forward: Callable[..., Any],
    wrong: Callable[..., Any],
    near: Callable[..., Any] | None = None,
    **case: Any,
) -> Row:
    """A row whose forward returns ``y, saved`` and whose backward takes ``saved, dy``."""
    pair = (from_pair(forward, wrong), from_pair(forward, near or _nearly(wrong)))
    return Row(cause, argument, *(Case(op, signature, name=f"{cause} of {argument}", **case) for op in pair))


def whole(cause: str, argument: str, signature: str, wrong: Any, near: Any, **case: Any) -> Row:
    """A row of two whole ops, for a mistake that is not in one backward alone."""
    return Row(cause, argument, *(Case(op, signature, name=f"{cause} of {argument}", **case) for op in (wrong, near)))


def square(x):
    return x**2, x


def product(a, b):
    return a * b, (a, b)


def matmul(a, b):
    return a @ b, (a, b)


def sigmoid(x):
    y = 0.5 * (1 + np.tanh(0.5 * x))
    return y, (x, y)


def tanh(x):
    y = np.tanh(x)
    return y, (x, y)


def add(x, bias):
    return x + bias, bias.shape


def row_sums(x):
    return (x**2).sum(axis=1), x


def mean_square(x):
    return np.mean(x**2), x


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, s


def sigmoid_layer(w, x):
    a = 0.5 * (1 + np.tanh(0.5 * (w @ x)))
    return a, (w, x, a)


def _sigmoid_layer_of(slope_of):
    def backward(saved, dy):
        w, x, a = saved
        dz = dy * slope_of(a)
        return dz @ x.T, w.T @ dz

    return backward


def cross_entropy(logits, labels):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(logits))
    return -np.log(p[rows, labels]).mean(), (logits, labels, p)


def layer_norm(x):
    centred = x - x.mean(axis=1, keepdims=True)
    rstd = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return centred * rstd, (centred * rstd, rstd)


def scaled(x, *, rate=0.3):
    return x**2 * rate, (x, rate)


def slope(x, *, high=2.0, low=0.5):
    return high * x**2 + low * x**3, (x, high, low)


def power(x, *, exponent=3.0):
    return x**exponent, (x, exponent)


def pick(x, index):
    return x[index], (x, index)


def fill(x, value, index):
    y = x.copy()
    y[index] = value
    return y, index


def masked_product(x, mask):
    return x**2 * mask, (x, mask)


def chosen(x, y, mask):
    return np.where(mask == 1, x**2, y**2), (x, y, mask)


def two_outputs(x):
    return (x**2, x**3), x


def complex_product(a, b):
    return a * b, (a, b)


def absolute(x):
    return np.abs(x), x


def maximum(x):
    y = x.max(axis=1)
    return y, (x, y)


def relu6(x):
    return np.clip(x, 0.0, 2.0), x


def running_sum(x):
    return np.cumsum(x, axis=0), None


def outer(a, b):
    return np.outer(a, b), (a, b)


def hidden(w, x, v):
    a = np.tanh(w @ x)
    return v @ a, (w, x, v, a)


def repeat(x):
    return np.repeat(x, 2, axis=1), x.shape


def shares(x):
    return x / x.sum(axis=1, keepdims=True), x


def weighted(x, w):
    return x * w[:, None], (x, w)


def _hidden_backward(slope_of):
    def backward(saved, dy):
        w, x, v, a = saved
        dz = (v.T @ dy) * slope_of(a, w @ x)
        return dz @ x.T, w.T @ dz, dy @ a.T

    return backward


def _softmax_of(s, dy, other):
    """The gradient of a softmax along rows with another cotangent in the sum that is subtracted."""
    return (s * (dy - (s * other).sum(axis=1, keepdims=True)),)


def _normal_backward(mean, along):
    def backward(saved, dy):
        hat, rstd = saved
        inner = (dy.mean(axis=1, keepdims=True) if mean else 0) + (
            hat * (dy * hat).mean(axis=1, keepdims=True) if along else 0
        )
        return (rstd * (dy - inner),)

    return backward


def _remembering(x):
    """The vjp gives its first answer for ever."""
    kept: list[Any] = []

    def remembering_vjp(dy):
        kept.append(2 * x * dy)
        return (kept[0].copy(),)

    return x**2, remembering_vjp


def _accumulating(x):
    kept = np.zeros_like(x)

    def accumulating_vjp(dy):
        kept[...] += 2 * x * dy
        return (kept.copy(),)

    return x**2, accumulating_vjp


def _sign_wrong(x):
    def sign_wrong_vjp(dy):
        return (-2 * x * dy,)

    return x**2, sign_wrong_vjp


def _distance_sums(x):
    return ((x - x[:, :1]) ** 2 + x).sum(axis=1) if x.size else np.zeros(len(x)), x


_DRAWN = np.random.default_rng(5)


def _drawing(x):
    def drawing_vjp(dy):
        return (2 * x * dy * (_DRAWN.random(x.shape) < 0.5) * 2,)

    return x**2, drawing_vjp


def _masked(draw):
    """Dropout whose backward takes the mask of another draw, of a generator that starts anew at each call."""

    def masked(x):
        masks = np.random.default_rng(len(x)).random((2, *x.shape)) < 0.5
        return x**3 * masks[0], lambda dy: (3 * x**2 * dy * draw(masks),)

    return masked


def _stairs(x):
    return np.round(x / 0.25) * 0.25, lambda dy: (dy.copy(),)


def _ramps(x):
    """As steep as the stairs between their steps, and nowhere level."""
    return x - np.sin(8 * np.pi * x) / (8.1 * np.pi), lambda dy: (dy.copy(),)


def _columns(x, coefficients):
    return x**2 * coefficients, (x, coefficients)


N, MN, NN = "(n)->(n)", "(m,n)->(m,n)", "(n,n)->(n,n)"
INDEX = {"index": Integers(0, "n")}
MASK = {"mask": Integers(0, 2)}

_DRAWN = np.random.default_rng(5)
DESIGN, TARGET, WEIGHTS = _DRAWN.standard_normal((9, 5)), _DRAWN.standard_normal(9), _DRAWN.uniform(0.5, 2, 9)

ROWS = [
    row("missing", "x", N, square, lambda x, dy: (np.zeros_like(x),)),
    row("sign", "x", N, square, lambda x, dy: (-2 * x * dy,)),
    whole("stale", "x", N, _remembering, _sign_wrong),
    whole("accumulates", "x", N, _accumulating, _sign_wrong),
    whole("redrawn", "x", "(n)->(n)", _drawing, _sign_wrong),
    whole("other-mask", "x", MN, _masked(lambda masks: masks[1]), _masked(lambda masks: masks[1] * 0.999)),
    whole("staircase", "x", N, _stairs, _ramps),
    row("wrong-array", "x", N, square, lambda x, dy: (x.copy(),)),
    row("cotangent-ignored", "x", N, square, lambda x, dy: (2 * x,), near=lambda x, dy: (2 * x * np.sqrt(np.abs(dy)),)),
    row("cotangent-power", "x", N, square, lambda x, dy: (2 * x * dy * np.abs(dy),),
        near=lambda x, dy: (2 * x * dy * np.sqrt(np.abs(dy)),)),
    row("cotangent-normalised", "x", N, square, lambda x, dy: (2 * x * np.sign(dy),)),
    row("cotangent-clipped", "x", N, square, lambda x, dy: (2 * x * np.clip(dy, -1, 1),),
        near=lambda x, dy: (2 * x * np.arcsinh(dy),)),
    row(
        "cotangent-power", "x", N, square, lambda x, dy: (2 * x / dy,),
        near=lambda x, dy: (2 * x * np.sign(dy) / np.sqrt(np.abs(dy)),),
    ),
    row(
        "cotangent-power", "x", MN, softmax, lambda s, dy: _softmax_of(s, dy, dy**2),
        near=lambda s, dy: _softmax_of(s, dy, np.sign(dy) * np.sqrt(np.abs(dy))),
    ),
    row(
        "cotangent-clipped", "x", MN, softmax, lambda s, dy: _softmax_of(s, dy, np.clip(dy, -1, 1)),
        near=lambda s, dy: _softmax_of(s, dy, np.arcsinh(dy)),
    ),
    row(
        "cotangent-absolute", "x", N, square, lambda x, dy: (2 * x * np.abs(dy),),
        near=lambda x, dy: (2 * x * np.sqrt(1 + dy**2),),
    ),
    row(
        "cotangent-absolute", "x", MN, softmax, lambda s, dy: _softmax_of(s, dy, np.abs(dy)),
        near=lambda s, dy: _softmax_of(s, dy, np.sqrt(1 + dy**2)),
    ),
    row("transposed", "x", NN, square, lambda x, dy: ((2 * x * dy).T.copy(),)),
    row(
        "empty", "x", N, square, lambda x, dy: ((2 * x * dy)[:0].copy(),),
        near=lambda x, dy: ((2 * x * dy)[:1].copy(),),
    ),
    row("axis-not-summed", "bias", "(m,n),(n)->(m,n)", add, lambda shape, dy: (dy.copy(), dy.copy())),
    row(
        "not-expanded", "x", "(m,n)->(m)", lambda x: (x.sum(axis=1), x), lambda x, dy: (dy[:, None].copy(),)
    ),
    row("keepdims", "bias", "(m,n),(1,n)->(m,n)", add, lambda shape, dy: (dy.copy(), dy.sum(axis=0))),
    row("extra-axis", "bias", "(m,n),(n)->(m,n)", add, lambda shape, dy: (dy.copy(), dy.sum(axis=0, keepdims=True))),
    row("other-argument", "a", "(n),(n)->(n)", product, lambda saved, dy: (dy * saved[0], dy * saved[1])),
    row("wrong-axis", "bias", "(n,n),(n)->(n,n)", add, lambda shape, dy: (dy.copy(), dy.sum(axis=1))),
    row(
        "wrong-axis", "x", MN, softmax, lambda s, dy: (s * (dy - (s * dy).sum(axis=0)),),
        near=lambda s, dy: (1.1 * s * (dy - (s * dy).sum(axis=1, keepdims=True)),),
    ),
    row(
        "other-shape", "b", "(m),(n)->(m,n)", outer,
        lambda saved, dy: (dy @ saved[1], np.full(len(saved[0]), 0.5 * dy.sum())),
        near=lambda saved, dy: (dy @ saved[1], (saved[0] @ dy)[:-1]),
    ),
    row("conjugate", "a", "(n),(n)->(n)", complex_product,
        lambda saved, dy: (dy * saved[1], dy * np.conj(saved[0])), dtype="complex128"),
    row("imaginary-part", "a", "(n),(n)->(n)", complex_product,
        lambda saved, dy: ((dy * np.conj(saved[1])).real + 0j, dy * np.conj(saved[0])), dtype="complex128"),
    row("option-factor", "x", N, scaled, lambda saved, dy: (2 * saved[0] * dy,), options={"rate": [0.3, 0.7]}),
    row("size-factor", "x", "(m,n)->()", mean_square, lambda x, dy: (2 * x * dy / len(x),)),
    row("factor", "x", N, square, lambda x, dy: (x * dy,)),
    row("cotangent-dropped", "x", "(n)->(n),(n)", two_outputs, lambda x, dy: (2 * x * dy[0],)),
    row("cotangent-sum", "x", "(m,n)->(m)", row_sums, lambda x, dy: (2 * x * dy.mean(),)),
    row("cotangent-first-row", "a", "(m,k),(k,n)->(m,n)", matmul,
        lambda saved, dy: (np.broadcast_to(dy[:1], dy.shape) @ saved[1].T, saved[0].T @ dy)),
    row(
        "cotangent-first-row", "x", MN, softmax, lambda s, dy: _softmax_of(s, dy, dy[:1]),
        near=lambda s, dy: _softmax_of(s, dy, dy[::-1]),
    ),
    row("summed-too-far", "x", MN, square,
        lambda x, dy: (np.broadcast_to((2 * x * dy).sum(axis=0), x.shape).copy(),)),
    row("missing-sum", "w", "(m,n),(k)->(m,n)", lambda x, w: (x * w.sum(), (x, w)),
        lambda saved, dy: (dy * saved[1].sum(), np.full(len(saved[1]), (dy * saved[0]).sum() / len(saved[1])))),
    row("shifted", "x", MN, square, lambda x, dy: (np.roll(2 * x * dy, 1, axis=0),)),
    row("reordered", "x", MN, square, lambda x, dy: ((2 * x * dy)[:, ::-1].copy(),)),
    row("diagonal-only", "x", MN, softmax, lambda s, dy: (dy * s * (1 - s),)),
    row("at-output", "x", N, tanh, lambda saved, dy: (dy * (1 - np.tanh(saved[1]) ** 2),)),
    row("inverted-mask", "x", "(n),(n),(n)->(n)", chosen,
        lambda saved, dy: (2 * saved[0] * dy * (saved[2] == 0), 2 * saved[1] * dy * (saved[2] == 0), None),
        domains=MASK),
    row("other-option", "x", N, power, lambda saved, dy: (3 * saved[0] ** 2 * dy,), options={"exponent": [3.0, 2.0]}),
    row("swapped-options", "x", N, slope,
        lambda saved, dy: ((2 * saved[2] * saved[0] + 3 * saved[1] * saved[0] ** 2) * dy,)),
    row("operand-sign", "a", "(n),(n)->(n)", lambda a, b: (a * np.exp(b), (a, b)),
        lambda saved, dy: (dy * np.exp(-saved[1]), dy * saved[0] * np.exp(saved[1]))),
    row("operand-transposed", "a", "(n,n),(n,n)->(n,n)", matmul, lambda saved, dy: (dy @ saved[1], saved[0].T @ dy)),
    row("swapped-operands", "a", "(n),(n)->(n)", lambda a, b: (a**2 * b, (a, b)),
        lambda saved, dy: (2 * saved[1] * saved[0] * 0 * dy + 2 * saved[0] ** 2 * dy, saved[0] ** 2 * dy)),
    row("operand-first-row", "x", "(m,n),(m,n)->(m,n)", lambda x, w: (x**2 * np.exp(w), (x, w)),
        lambda saved, dy: (2 * saved[0] * np.exp(saved[1][:1]) * dy, saved[0] ** 2 * np.exp(saved[1]) * dy)),
    row("operand-ignored", "x", "(n),(n)->(n)", lambda x, w: (x**2 * (1 + w**3), (x, w)),
        lambda saved, dy: (2 * saved[0] * 2 * dy, saved[0] ** 2 * 3 * saved[1] ** 2 * dy)),
    row("duplicates", "value", "(n),(),(k)->(n)", fill,
        lambda index, dy: (np.where(np.isin(np.arange(len(dy)), index), 0, dy), dy[index].sum(), None), domains=INDEX),
    row("elementwise-factor", "a", "(m,n),(n)->(m,n)", lambda a, b: (a**2 * b, (a, b)),
        lambda saved, dy: (2 * saved[0] * dy, (dy * saved[0] ** 2).sum(axis=0))),
    row("other-function", "x", N, lambda x: (np.sin(x), x), lambda x, dy: (dy * np.sin(x),)),
    row("other-factor", "x", "(h,i),(i,m)->(h,m)", sigmoid_layer, _sigmoid_layer_of(lambda a: a * (2 - a))),
    row("elementwise-factor", "x", "(h,i),(i,m)->(h,m)", sigmoid_layer, _sigmoid_layer_of(lambda a: a)),
    row("other-term", "logits", "(n,c),(n)->()", cross_entropy,
        lambda saved, dy: (dy / len(saved[1]) * saved[2], None), domains={"labels": Integers(0, "c")}),
    row("other-term", "logits", "(n,c),(n)->()", cross_entropy,
        lambda saved, dy: (dy / len(saved[1]) * (saved[0] - np.eye(saved[0].shape[1])[saved[1]]), None),
        domains={"labels": Integers(0, "c")}),
    row("activation-missing", "x", "(h,i),(i,m),(o,h)->(o,m)", hidden, _hidden_backward(lambda a, z: 1)),
    row("other-activation", "x", "(h,i),(i,m),(o,h)->(o,m)", hidden, _hidden_backward(lambda a, z: np.float64(z > 0))),
    row("at-zeros", "x", MN, lambda x: (x**3 + 2 * x, x), lambda x, dy: (np.where(x == 0, 0, 3 * x**2 + 2) * dy,)),
    row("at-ties", "x", "(m,n)->(m)", _distance_sums,
        lambda x, dy: (_distances(x, dy),)),
    row("at-borders", "x", N, lambda x: (np.where(x > 2, x + 2, 2 * x), x),
        lambda x, dy: (np.where(x == 2, 5, np.where(x > 2, 1, 2)) * dy,), borders={"x": (2.0,)}),
    row("masked", "x", "(n),(n)->(n)", lambda x, group: (x**2 * (1 + group), (x, group)),
        lambda saved, dy: (2 * saved[0] * (1 + saved[1]) * dy * np.where(saved[1] == 2, 1.5, 1), None),
        domains={"group": Integers(0, 4)}),
    row("first-row", "x", MN, square, lambda x, dy: (2 * x * dy * _at(len(x), [0], 3)[:, None],)),
    row("last-row", "x", MN, square, lambda x, dy: (2 * x * dy * _at(len(x), [-1], 3)[:, None],)),
    row("at-ends", "x", "(5,n)->(5,n)", square, lambda x, dy: (2 * x * dy * _at(len(x), [0, -1], 3)[:, None],)),
    row("at-index", "x", "(m,4)->(m,4)", square, lambda x, dy: (2 * x * dy * _at(4, [1, 2], 0.5),)),
    row("beyond-first", "x", MN, square, lambda x, dy: (2 * x * dy * _at(len(x), slice(1, None), 3)[:, None],)),
    row("last-block", "x", "(n)->(n)", square, lambda x, dy: (2 * x * dy * _at(len(x), slice(2, None), 0),)),
    row("first-block", "x", "(n)->(n)", square, lambda x, dy: (2 * x * dy * _at(len(x), slice(2), 0.5),)),
    row("off-diagonal", "x", NN, square, lambda x, dy: (2 * x * dy * (3 - 2 * np.tri(len(x))),)),
    row("diagonal", "x", NN, square, lambda x, dy: (2 * x * dy * (1 - np.eye(len(x)) / 2),)),
    row("negative", "x", N, lambda x: (x**2 + 3 * x, x), lambda x, dy: ((2 * x + 3) * dy * np.where(x < 0, 0.25, 1),)),
    row("positive", "x", N, lambda x: (x**2 + 3 * x, x), lambda x, dy: ((2 * x + 3) * dy * np.where(x > 0, 0.25, 1),)),
    row("saturated", "x", N, relu6, lambda x, dy: (np.where(x > 2, 0.25, np.float64((x > 0) & (x < 2))) * dy,)),
    row("missing-mean", "x", MN, layer_norm, _normal_backward(False, True)),
    row("missing-projection", "x", MN, layer_norm, _normal_backward(True, False)),
    row("lost-contributions", "x", "(m,3)->(m,6)", repeat, lambda shape, dy: (dy[:, ::2].copy(),)),
    row("line-factor", "x", "(m,n)->(m)", lambda x: (np.sin((x**2).sum(axis=1)), x),
        lambda x, dy: (2 * x * dy[:, None],)),
    row("missing-term", "x", N, lambda x: (x**3 * np.cos(x) + np.exp(x), x),
        lambda x, dy: (dy * (3 * x**2 * np.cos(x) - x**3 * np.sin(x)),)),
    row("extra-term", "x", N, lambda x: (x**3 * np.cos(x), x),
        lambda x, dy: (dy * (3 * x**2 * np.cos(x) - x**3 * np.sin(x) + np.exp(x)),)),
    row("other-formula", "x", "(5)->()", lambda x: (WEIGHTS @ (DESIGN @ x - TARGET) ** 2, x),
        lambda x, dy: (2 * dy * DESIGN.T @ (DESIGN @ x - TARGET),)),
    row("precision", "x", N, lambda x: (x**3, x), lambda x, dy: (dy * (3 * x**2).astype(np.float16).astype(float),),
        near=lambda x, dy: (dy * 3 * x**2 * (1 + 3e-4 * np.cos(x)),)),
]  # fmt: skip


def _at(size, where, value):
    found = np.ones(size)
    found[where] = value
    return found


def _distances(x, dy):
    """The gradient of `sum (x - x[:, :1])^2 + x`, wrong where two entries of a row are equal."""
    if not x.size:
        return np.zeros_like(x)
    d = x - x[:, :1]
    g = 2 * d + 1
    g[:, 0] -= 2 * d.sum(axis=1)
    tied = (x[:, :, None] == x[:, None, :]).sum(axis=2) > 1
    return np.where(tied, g + 0.5, g) * dy[:, None]
