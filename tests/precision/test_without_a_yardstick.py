"""In float32, without a reference: what an op loses where terms cancel, saturate or overflow is not held against it.

It may lose the same at every point around, as 1 - tanh(x)**2 does wherever tanh(x) has come to 1. That it is the same
function shows at inputs of ordinary size, and there what is not computed at all in float32 shows too.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gradcheck import report_vjp
from gradcheck.adapters import from_torch
from gradcheck.laws import comparing
from gradcheck.precision import gate

pytestmark = pytest.mark.usefixtures("unexplained")


def quiet(function):
    return np.errstate(all="ignore")(function)


@quiet
def sinc(x):
    """As frameworks have it: two terms, equal to seven digits next to 0, over the square of x."""
    return np.sin(x) / x, quiet(lambda dy: (dy * (np.cos(x) * x - np.sin(x)) / (x * x),))


def tanh_of_product(x, w):
    a = np.tanh(x * w)
    return a, lambda dy: (dy * (1 - a * a) * w, dy * (1 - a * a) * x)


def of_a_sum(a, b):
    """A difference of logarithms, whose first argument absorbs the second."""
    y = np.log(a + b) - np.log(a)
    return y, lambda dy: (dy * (1 / (a + b) - 1 / a), dy / (a + b))


@quiet
def soft_margin(x):
    """It overflows in float32 where float64 goes on."""
    z = np.exp(x)
    return np.log(1 + z), quiet(lambda dy: (dy * z / (1 + z),))


def lift(x):
    """The cube root of a sum of cubes, which are all those of a small constant where x is zero."""
    t = x + x.dtype.type(1e-6)
    total = np.sum(t**3, axis=-1)
    return total ** x.dtype.type(1 / 3), lambda dy: ((dy * total ** x.dtype.type(-2 / 3))[..., None] * t**2,)


def margins(x):
    """A mean over all pairs, added up one after the other: each addition rounds the same way."""
    n = x.shape[-1]
    dx = np.zeros_like(x)
    share = x.dtype.type(1 / (3 * n))
    for _ in range(n):
        dx += share
    return np.sum(x, axis=-1) / x.dtype.type(3), lambda dy: (dy[..., None] * dx,)


AT = {
    sinc: [np.array([1e-4]), np.array([3e-5, 1.2]), np.array([2e-4, -0.7, 0.9])],
    tanh_of_product: [(np.array([4.0, 0.3]), np.array([2.2, 1.0])), (np.array([9.5, 0.5]), np.array([0.9, 1.4]))],
    of_a_sum: [(np.array([20.0]), np.array([1e-9])), (np.array([3.0, 1.0]), np.array([2e-8, 1e-8]))],
    soft_margin: [np.array([115.0, 1.0]), np.array([95.0])],
    lift: [np.zeros((1, 2)), np.zeros((2, 3))],
    margins: [np.arange(1.0, 400.0), np.arange(1.0, 131.0)],
}
POINTS = [
    pytest.param(op, at if isinstance(at, tuple) else (at,), id=f"{op.__name__}-{number}")
    for op, points in AT.items()
    for number, at in enumerate(points)
]
SEEDS = range(4)


def in_float32(arrays):
    return [np.asarray(x, np.float32) for x in arrays]


def wrong_at(op, at):
    return [seed for seed in SEEDS if report_vjp(op, *in_float32(at), seed=seed).verdict == "wrong"]


@pytest.mark.parametrize(("op", "at"), POINTS)
def test_what_is_lost_there_is_held_against_nobody(op, at):
    assert wrong_at(op, at) == []


@pytest.mark.parametrize("lost", [True, False], ids=["as before", "as it is"])
def test_what_it_does_elsewhere_is_what_tells(lost, monkeypatch):
    if lost:
        monkeypatch.setattr(gate, "_holds_at_most", lambda _places: False)
        monkeypatch.setattr(gate, "is_own_rounding", lambda *_: False)
    assert any(wrong_at(*point.values) for point in POINTS) == lost


def without_in_float32(op):
    """The same op, whose gradients are zero in float32: a kernel that was never written."""

    def empty(*inputs):
        y, vjp = op(*inputs)
        few = inputs[0].dtype == np.float32
        return y, lambda dy: tuple(g * 0 if few else g for g in vjp(dy))

    return empty


def divided_by_nothing(x):
    """A norm whose eps is 0 in float32, so that its gradient at 0 is 0 / 0."""
    eps = x.dtype.type(1e-60)
    size = np.sqrt((x * x).sum(axis=-1, keepdims=True) + eps)
    return size[..., 0], quiet(lambda dy: (dy[..., None] * x / size,))


def in_memory_order(x):
    """A kernel that walks through the memory of its arrays, in float32, as if all lay in one order."""
    y = np.tanh(x)

    def vjp(dy):
        if x.dtype == np.float32:
            flat = dy.ravel(order="K") * (1 - y.ravel(order="K") ** 2)
            return (flat.reshape(x.shape, order="C"),)
        return (dy * (1 - y * y),)

    return y, vjp


def test_nan_beside_a_finite_forward_is_no_overflow():
    assert wrong_at(divided_by_nothing, (np.array([[0.0, 0.0], [1.0, -2.0]]),)) == list(SEEDS)


def test_inputs_of_ordinary_size_lie_in_memory_as_those_of_the_point():
    x = np.asfortranarray(np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32))
    assert [str(report_vjp(in_memory_order, x, seed=seed).verdict) for seed in SEEDS] == ["wrong"] * len(SEEDS)


def test_what_is_lost_of_more_than_the_cotangent_is_an_error():
    """Of a slope of 1e3 and of 1e5 PyTorch's float32 has lost a part and all, and its forward keeps all digits."""
    op = from_torch(torch.special.log_ndtr)
    assert wrong_at(op, (np.array([-1e3, -1e5]),)) == list(SEEDS)


ORDINARY = {
    sinc: (np.array([0.7, 1.3, 0.9]),),
    tanh_of_product: (np.array([0.4, 0.3]), np.array([1.2, 1.0])),
    soft_margin: (np.array([0.4, -1.1]),),
}


@pytest.mark.parametrize("op", ORDINARY)
def test_what_is_missing_in_float32_alone_is_found(op):
    assert wrong_at(without_in_float32(op), ORDINARY[op]) == list(SEEDS)


def batch_norm(x):
    """Of two samples: what is left of its gradient is a ten-thousandth of the terms, at ordinary inputs too."""
    centred = x - x.mean(axis=0)
    scale = 1 / np.sqrt((centred**2).mean(axis=0) + x.dtype.type(1e-5))
    y = centred * scale

    def vjp(dy):
        return (scale * (dy - dy.mean(axis=0) - y * (dy * y).mean(axis=0)),)

    return y, vjp


@pytest.mark.parametrize("seed", range(6))
def test_what_cancels_at_every_input_is_held_against_nobody(seed):
    x = np.random.default_rng(seed).normal(size=(2, 3))
    assert wrong_at(batch_norm, (x,)) == []


def softmax(x):
    e = np.exp(x - x.max())
    p = e / e.sum()
    return p, lambda dy: (p * (dy - (p * dy).sum()),)


def test_what_a_softmax_leaves_is_compared_to_the_rounding_of_the_cotangent():
    """Where one entry is all, the gradient is what rounding leaves, at ones as well as at their multiple."""
    points = [np.array([0.0, gap, gap / 3], np.float32) for gap in (16.0, 17.0, 20.0)]
    assert not [x for x in points for seed in SEEDS if report_vjp(softmax, x, seed=seed).verdict == "wrong"]


def test_a_result_beside_the_end_of_the_range_may_overflow_on_the_way():
    held = comparing.is_held(np.array([1.0, 2.8e38, 1e38]), np.dtype(np.float32))
    assert held.tolist() == [True, False, True]
