"""A backward that computes in float32 inside is judged so in float32, where what it computes cancels too."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function
from torch.nn import functional

from gradcheck import report_vjp
from gradcheck.adapters import from_torch
from gradcheck.trial import golden

pytestmark = pytest.mark.usefixtures("unexplained")

sigmoid = torch.sigmoid


def silu_slope(x):
    return sigmoid(x) * (1 + x * (1 - sigmoid(x)))


def without_its_last_term(x):
    return sigmoid(x)


def off_by_little(x):
    return silu_slope(x) * 1.0001


def gelu_slope(x):
    k = 0.7978845608028654
    t = torch.tanh(k * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * k * (1 + 3 * 0.044715 * x * x)


def gelu(x):
    return functional.gelu(x, approximate="tanh")


def in_float32(forward, slope):
    """The op whose backward upcasts, as kernels do, whatever it is given: to float32, which is no upcast of float64."""

    class Upcasting(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return forward(x)

        @staticmethod
        def backward(ctx, dy):
            return (dy.float() * slope(ctx.saved_tensors[0].float())).to(dy.dtype)

    return from_torch(Upcasting)


# Next to the zero of the slope (silu's is at -1.28, gelu's at -0.75), and where its two terms cancel.
AT = [-5.0, -4.5, -4.0, -3.0, -1.2785, -0.7525, 0.5]


def verdicts(forward, slope):
    op = in_float32(forward, slope)
    return [str(report_vjp(op, np.array([[x]], np.float32), reference=forward).verdict) for x in AT]


@pytest.mark.parametrize(("forward", "slope"), [(functional.silu, silu_slope), (gelu, gelu_slope)])
def test_what_its_terms_leave_when_they_cancel_is_not_accused(forward, slope):
    assert "wrong" not in verdicts(forward, slope)


@pytest.mark.parametrize("slope", [without_its_last_term, off_by_little])
def test_what_is_wrong_beside_it_is(slope):
    assert "wrong" in verdicts(functional.silu, slope)


def test_the_size_elsewhere_is_what_tells_that_it_is_rounding(monkeypatch):
    monkeypatch.setattr(golden, "_ordinary_sizes", lambda own: [0.0] * len(own.gradients))
    assert "wrong" in verdicts(gelu, gelu_slope)


def cost(*, factor=1.0):
    """Cross entropy at inputs of float64, computed in float32, which its value is too."""

    def op(x, target):
        z = x.astype(np.float32)
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        rows = np.arange(len(x))
        y = np.asarray(-np.log(p[rows, target]).mean())

        def vjp(dy):
            g = p.copy()
            g[rows, target] -= 1
            return (factor * (g * np.float32(dy) / np.float32(len(x)))).astype(x.dtype), None

        return y, vjp

    return op


@pytest.mark.parametrize("seed", [0, 1, 66])  # of these the last was accused at dy = 1, by a unit in the last place
def test_a_cost_in_float32_has_gradients_of_so_many_digits(seed):
    random = np.random.default_rng(seed)
    n, c = int(random.integers(1, 6)), int(random.integers(2, 7))
    at = random.normal(size=(n, c)), random.integers(0, c, n)
    assert report_vjp(cost(), *at, seed=seed).verdict != "wrong"
    assert report_vjp(cost(factor=1.01), *at, seed=seed).verdict == "wrong"
