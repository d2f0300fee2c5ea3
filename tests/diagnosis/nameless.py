"""Wrong backwards whose data has no name in a signature: module constants, closures, weights of rows, entries of dicts.

Written after causes that occurred in released code, and before the hypotheses were measured on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_value_and_grad

from .unseen import Unseen

DRAWN = np.random.default_rng(5)
DESIGN = DRAWN.standard_normal((9, 5))
TARGET = DRAWN.standard_normal(9)
CLASSES = (DRAWN.random(9) > 0.5).astype(float)
WEIGHTS = DRAWN.uniform(0.5, 2.0, 9)
COUNTS = DRAWN.integers(1, 6, 9).astype(float)
PENALTY = 0.3
MASK = (DRAWN.random((3, 3)) > 0.3).astype(float)
SCALE = np.array([0.5, 2.0, 3.0])


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def least_squares(bug=None):
    """Weights and targets of the module, one vector of coefficients."""

    def cost(beta):
        return float(WEIGHTS @ (DESIGN @ beta - TARGET) ** 2)

    def slope(beta):
        r = DESIGN @ beta - TARGET
        if bug == "weights":
            return 2 * DESIGN.T @ r
        if bug == "weights twice":
            return 2 * DESIGN.T @ (WEIGHTS**2 * r)
        if bug == "target":
            return 2 * DESIGN.T @ (WEIGHTS * (DESIGN @ beta))
        if bug == "mean":
            return 2 * DESIGN.T @ (WEIGHTS * r) / len(TARGET)
        if bug == "two":
            return DESIGN.T @ (WEIGHTS * r)
        if bug == "sign":
            return 2 * DESIGN.T @ (WEIGHTS * (TARGET - DESIGN @ beta))
        return 2 * DESIGN.T @ (WEIGHTS * r)

    return from_value_and_grad(cost, slope)


def logistic(bug=None):
    """A dict of parameters, a penalty that is a module constant."""

    def cost(params):
        z = DESIGN @ params["w"] + params["b"]
        return float(np.sum(np.logaddexp(0, z) - CLASSES * z) / 9 + PENALTY / 2 * np.sum(params["w"] ** 2))

    def slope(params):
        p = sigmoid(DESIGN @ params["w"] + params["b"])
        r = (p - CLASSES) / 9
        penalty = PENALTY * params["w"]
        if bug == "no penalty":
            penalty = 0
        if bug == "penalty twice":
            penalty = 2 * PENALTY * params["w"]
        if bug == "penalty of signs":
            penalty = PENALTY * np.sign(params["w"])
        if bug == "slope too many":
            r = r * p * (1 - p)
        db = np.array([r.sum()])
        if bug == "penalised bias":
            db = db + PENALTY * params["b"]
        if bug == "averaged bias":
            db = np.array([r.mean()])
        return {"w": DESIGN.T @ r + penalty, "b": db}

    return from_value_and_grad(cost, slope)


def poisson(bug=None):
    """Counts and exposures of rows in a closure."""
    exposure = WEIGHTS.copy()

    def cost(beta):
        eta = DESIGN @ beta
        return float(np.sum(exposure * np.exp(eta) - COUNTS * eta))

    def slope(beta):
        mu = np.exp(DESIGN @ beta)
        if bug == "exposure":
            return DESIGN.T @ (mu - COUNTS)
        if bug == "linear":
            return DESIGN.T @ (exposure * (DESIGN @ beta) - COUNTS)
        if bug == "counts":
            return DESIGN.T @ (exposure * mu - COUNTS * exposure)
        return DESIGN.T @ (exposure * mu - COUNTS)

    return from_value_and_grad(cost, slope)


def masked_layer(bug=None):
    """A weight that is masked and rows that are scaled by constants of the module."""

    def masked_layer(x, w):
        def masked_layer_vjp(dy):
            dz = dy if bug == "scale" else dy * SCALE
            dw = x.T @ dz
            dx = dz @ (w if bug == "mask of dx" else w * MASK).T
            return dx, dw if bug == "mask" else dw * MASK

        return (x @ (w * MASK)) * SCALE, masked_layer_vjp

    return masked_layer


def network(bug=None):
    """Two layers over dicts: what is kept is ``cache["A1"]``."""

    def network(params, x):
        cache = {"Z1": x @ params["W1"], "x": x}
        cache["A1"] = np.tanh(cache["Z1"])
        y = cache["A1"] @ params["W2"]

        def network_vjp(dy):
            grads = {"W2": (cache["Z1"] if bug == "value" else cache["A1"]).T @ dy}
            da = dy @ params["W1" if bug == "weight" else "W2"].T
            slope = 1 - cache["A1"] ** 2
            if bug == "argument":
                slope = 1 - cache["Z1"] ** 2
            if bug == "sigmoid":
                slope = cache["A1"] * (1 - cache["A1"])
            dz = da if bug == "slope" else da * slope
            grads["W1"] = cache["x"].T @ dz
            return grads, dz @ params["W2" if bug == "weight of dx" else "W1"].T

        return y, network_vjp

    return network


def mixture(bug=None):
    """A softmax over logits in a dict, against shares of the module."""
    shares = np.array([[0.2, 0.5, 0.3]])

    def cost(params):
        z = params["logits"] * SCALE
        return float(-np.sum(shares * (z - np.log(np.exp(z).sum(axis=1, keepdims=True)))))

    def slope(params):
        z = params["logits"] * SCALE
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        if bug == "scale":
            return {"logits": p - shares}
        if bug == "shares":
            return {"logits": p * SCALE}
        if bug == "unit":
            return {"logits": (p - shares) * SCALE / len(SCALE)}
        return {"logits": (p - shares) * SCALE}

    return from_value_and_grad(cost, slope)


def _row(make: Callable[..., Any], bug: str, *causes: str, inputs: Any) -> Unseen:
    name = f"{make.__name__}: {bug}"
    return Unseen(Case(make(bug), inputs=inputs, name=name), Case(make(), inputs=inputs), frozenset(causes))


def _vector(rng):
    return (0.5 * rng.standard_normal(5),)


def _params(rng):
    return ({"w": 0.5 * rng.standard_normal(5), "b": 0.5 * rng.standard_normal(1)},)


def _square(rng):
    return rng.standard_normal((4, 3)), rng.standard_normal((3, 3))


def _layers(rng):
    weights = {"W1": 0.7 * rng.standard_normal((3, 3)), "W2": 0.7 * rng.standard_normal((3, 3))}
    return weights, rng.standard_normal((4, 3))


def _logits(rng):
    return ({"logits": rng.standard_normal((4, 3))},)


FACTOR = ("elementwise-factor", "other-factor", "operand-ignored", "other-formula")
TERM = ("missing-term", "other-term", "extra-term", "other-formula")

EXHIBITS = [
    _row(least_squares, "weights", *FACTOR, inputs=_vector),
    _row(least_squares, "weights twice", *FACTOR, inputs=_vector),
    _row(least_squares, "target", *TERM, inputs=_vector),
    _row(least_squares, "mean", "size-factor", "factor", inputs=_vector),
    _row(least_squares, "two", "factor", inputs=_vector),
    _row(least_squares, "sign", "sign", inputs=_vector),
    _row(logistic, "no penalty", *TERM, inputs=_params),
    _row(logistic, "penalty twice", *TERM, inputs=_params),
    _row(logistic, "penalty of signs", *TERM, inputs=_params),
    _row(logistic, "slope too many", *FACTOR, "other-activation", inputs=_params),
    _row(logistic, "penalised bias", *TERM, inputs=_params),
    _row(logistic, "averaged bias", "size-factor", "factor", inputs=_params),
    _row(poisson, "exposure", *FACTOR, *TERM, inputs=_vector),
    _row(poisson, "linear", "other-activation", "activation-missing", *TERM, inputs=_vector),
    _row(poisson, "counts", *FACTOR, *TERM, inputs=_vector),
    _row(masked_layer, "scale", *FACTOR, inputs=_square),
    _row(masked_layer, "mask", *FACTOR, "masked", inputs=_square),
    _row(masked_layer, "mask of dx", *FACTOR, "masked", inputs=_square),
    _row(network, "value", *FACTOR, "other-formula", inputs=_layers),
    _row(network, "weight", "other-formula", inputs=_layers),
    _row(network, "weight of dx", "other-formula", inputs=_layers),
    _row(network, "argument", *FACTOR, "other-activation", "other-formula", inputs=_layers),
    _row(network, "sigmoid", "other-activation", "other-formula", inputs=_layers),
    _row(network, "slope", "activation-missing", *FACTOR, inputs=_layers),
    _row(mixture, "scale", *FACTOR, inputs=_logits),
    _row(mixture, "shares", *TERM, inputs=_logits),
    _row(mixture, "unit", "size-factor", "factor", inputs=_logits),
]
