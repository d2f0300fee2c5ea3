"""Wrong backwards of many fields, one slip each, as people write them; what stands there and what belongs there."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck import Case, Reals
from gradcheck.adapters import from_value_and_grad

DRAWN = np.random.default_rng(7)
DESIGN = 0.5 * DRAWN.standard_normal((15, 3))
CLAIMS = DRAWN.gamma(1.0, 2.0, 15)
POWER, STEPS, STEP = 1.5, 4, 0.2


@dataclass(frozen=True)
class Told:
    """``wrong`` stands in the function ``name``, and ``right`` where it belongs."""

    name: str
    wrong: str
    right: str
    signature: str | None = None
    more: Any = None

    def __str__(self) -> str:
        return self.name

    def case(self, op: Any = None) -> Case:
        """The case of the op as it stands here, or of another one."""
        return Case(op or globals()[self.name], self.signature, **(self.more or {}))

    @property
    def mended(self) -> Any:
        """The op with what belongs there."""
        text = inspect.getsource(globals()[self.name])
        assert text.count(self.wrong) == 1
        space = dict(vars(sys.modules[__name__]))
        exec(text.replace(self.wrong, self.right), space)
        return space[self.name]


def gravity(x, m, soft=0.3):
    d = x[:, None] - x[None]
    inverse = 1 / np.sqrt((d**2).sum(-1) + soft**2)
    np.fill_diagonal(inverse, 0)

    def gravity_vjp(g):
        w = g[:, None] * m[None] * inverse**2
        return ((w + w.T)[:, :, None] * d).sum(1), -(inverse.T @ g)

    return -inverse @ m, gravity_vjp


def divergence(mu, logvar):
    def divergence_vjp(g):
        g = g[:, None]
        return g * mu, -0.5 * g * (1 - np.exp(0.5 * logvar))

    return -0.5 * (1 + logvar - mu**2 - np.exp(logvar)).sum(1), divergence_vjp


def adjoint(x, w):
    xs = [x]
    for _ in range(STEPS):
        xs.append(xs[-1] + STEP * np.tanh(xs[-1] @ w))

    def adjoint_vjp(g):
        a, dw = g, np.zeros_like(w)
        for k in range(STEPS - 1, -1, -1):
            z = STEP * a * (1 - np.tanh(xs[k] @ w) ** 2)
            dw += xs[k + 1].T @ z
            a = a + z @ w.T
        return a, dw

    return xs[-1], adjoint_vjp


class Focal:
    def __init__(self, gamma=2.0):
        self.gamma = gamma

    def forward(self, x):
        self.p = 1 / (1 + np.exp(-x))
        return -((1 - self.p) ** self.gamma) * np.log(self.p)

    def backward(self, dout):
        p, gamma = self.p, self.gamma
        return dout * (1 - p) ** gamma * (gamma * np.log(p) + p - 1)


def focal(x):
    layer = Focal()
    return layer.forward(x), lambda dout: (layer.backward(dout),)


def kepler(mean, e):
    anomaly = mean + 0.0
    for _ in range(50):
        anomaly = anomaly - (anomaly - e * np.sin(anomaly) - mean) / (1 - e * np.cos(anomaly))

    def kepler_vjp(g):
        u = g / (1 - e * np.cos(anomaly))
        return u, (g * np.sin(anomaly)).sum()

    return anomaly, kepler_vjp


def tweedie_slope(coefficients):
    mu = np.exp(DESIGN @ coefficients)
    inner = (mu - CLAIMS) * mu ** (-POWER)
    return 2 * DESIGN.T @ inner


def tweedie(coefficients):
    mu = np.exp(DESIGN @ coefficients)
    return float(2 * np.sum(-CLAIMS * mu ** (1 - POWER) / (1 - POWER) + mu ** (2 - POWER) / (2 - POWER)))


tweedie_op = from_value_and_grad(tweedie, tweedie_slope)

ROWS = [
    Told("gravity", "inverse**2", "inverse**3", "(n,3),(n)->(n)"),
    Told("divergence", "np.exp(0.5 * logvar)", "np.exp(logvar)", "(n,d),(n,d)->(n)"),
    Told("adjoint", "xs[k + 1]", "xs[k]", "(n,d),(d,d)->(n,d)"),
    Told(
        "kepler", "(g * np.sin", "(u * np.sin", "(n),()->(n)", {"domains": {"mean": Reals(-3, 3), "e": Reals(0, 0.7)}}
    ),
]
