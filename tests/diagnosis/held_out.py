"""Twenty more mistakes of released code, written as people write, on which no hypothesis was tuned."""

from __future__ import annotations

import numpy as np

from gradcheck.adapters import from_pair, from_value_and_grad

from .released import FACTOR, NORM, NUMBER, REGION, SLOPE, TERM, row, sigmoid, softmax

DRAWN = np.random.default_rng(23)
POINTS = DRAWN.standard_normal((7, 3))
TARGETS = DRAWN.standard_normal((7, 2))
SEEN = (DRAWN.random((7, 2)) > 0.25).astype(float)
IMPORTANCE = DRAWN.uniform(0.5, 2.0, 7)
EVENTS = (DRAWN.random(7) > 0.4).astype(float)
GUIDE = DRAWN.standard_normal((6, 3))
PRECISION = DRAWN.uniform(0.5, 2.0, (6, 3))
NOISE = 0.4
MIXING = DRAWN.standard_normal((3, 3))
CONFIG = {"slope": 0.2, "cap": 1.2, "momentum": 0.7}


def injected(bug=False):  # B010
    def injected(latents):
        def injected_vjp(dy):
            slope = PRECISION * (latents - GUIDE)
            return (slope if bug else dy * slope,)

        return 0.5 * np.sum(PRECISION * (latents - GUIDE) ** 2), injected_vjp

    return injected


def row_gain(bug=False):  # B012
    def row_gain(x, gain):
        def row_gain_vjp(dy):
            dx = np.zeros_like(x)
            for m in range(x.shape[0]):
                for d in range(x.shape[1]):
                    dx[m, d] = dy[m, d] * gain[m if bug else d]
            return dx, (dy * x).sum(axis=0)

        return x * gain, row_gain_vjp

    return row_gain


def unreduced(bug=False):  # B053
    def unreduced(x, shift):
        def unreduced_vjp(dy):
            return dy * PRECISION, dy if bug else dy.sum(axis=0, keepdims=True)

        return x * PRECISION + shift, unreduced_vjp

    return unreduced


def soft_targets(bug=False):  # B068
    def soft_targets(z):
        p = softmax(z)
        y = p @ MIXING

        def soft_targets_vjp(dy):
            g = dy @ MIXING.T
            return (p * g - (0 if bug else p * (g * p).sum(axis=1, keepdims=True)),)

        return y, soft_targets_vjp

    return soft_targets


def projected(bug=False):  # B074
    def cost(params):
        a = params["A"]
        return float(0.5 * np.sum((a @ (a.T @ POINTS.T) - POINTS.T) ** 2))

    def slope(params):
        a = params["A"]
        inner = a.T @ POINTS.T
        r = a @ inner - POINTS.T
        first = r @ inner.T
        second = POINTS.T @ (r.T @ a)
        return {"A": first if bug else first + second}

    return from_value_and_grad(cost, slope)


def two_losses(bug=False):  # B108
    def cost(params):
        z = POINTS @ params["W"]
        return float(np.sum(SEEN * (z - TARGETS) ** 2) + NOISE * np.sum(np.cosh(z)))

    def slope(params):
        z = POINTS @ params["W"]
        fit = 2 * SEEN * (z - TARGETS)
        rest = NOISE * np.sinh(z)
        grads = {"fit": POINTS.T @ fit}
        grads["rest"] = POINTS.T @ rest
        if bug:
            grads["rest"] = grads["rest"] + grads["fit"]
        return {"W": grads["fit"] + grads["rest"]}

    return from_value_and_grad(cost, slope)


def pooled(bug=False):  # B134
    """Windows of two along the rows; the last one overhangs."""

    def pooled(x):
        sizes = np.array([2, 2, 1])[:, None]

        def pooled_vjp(dy):
            shared = dy / (2 if bug else sizes)
            return (np.repeat(shared, 2, axis=0)[: len(x)],)

        return np.add.reduceat(x, [0, 2, 4], axis=0) / sizes, pooled_vjp

    return pooled


def unseen_entries(bug=False):
    """The mask of what was observed is forgotten."""

    def cost(params):
        return float(0.5 * np.sum(SEEN * (POINTS @ params["W"] - TARGETS) ** 2))

    def slope(params):
        r = POINTS @ params["W"] - TARGETS
        return {"W": POINTS.T @ (r if bug else SEEN * r)}

    return from_value_and_grad(cost, slope)


def half_diagonal(bug=False):  # B035
    def half_diagonal(a):
        s = (a + a.T) / 2

        def half_diagonal_vjp(dy):
            g = MIXING.T @ dy
            return (g / 2 if bug else (g + g.T) / 2,)

        return MIXING @ s, half_diagonal_vjp

    return half_diagonal


def leaky(bug=False):  # B147
    def leaky(x):
        y = np.where(x > 0, x, CONFIG["slope"] * x) - NOISE

        def leaky_vjp(dy):
            below = y <= 0 if bug else x <= 0
            return (np.where(below, CONFIG["slope"], 1.0) * dy,)

        return y, leaky_vjp

    return leaky


def capped(bug=False):  # B083
    def forward(x):
        return np.minimum(x, CONFIG["cap"]) * PRECISION, x

    def backward(saved, dy):
        return (dy * PRECISION if bug else dy * PRECISION * (saved < CONFIG["cap"]),)

    return from_pair(forward, backward)


def cumulative(bug=False):  # B055
    def cumulative(x):
        def cumulative_vjp(dy):
            g = dy * PRECISION
            return (np.cumsum(g, axis=0) if bug else np.cumsum(g[::-1], axis=0)[::-1],)

        return np.cumsum(x, axis=0) * PRECISION, cumulative_vjp

    return cumulative


def hazard(bug=None):
    """Proportional hazards with exponential times: weights of observations, events."""

    def cost(beta):
        eta = POINTS @ beta
        return float(np.sum(IMPORTANCE * (np.exp(eta) - EVENTS * eta)))

    def slope(beta):
        rate = np.exp(POINTS @ beta)
        if bug == "events unweighted":
            return POINTS.T @ (IMPORTANCE * rate - EVENTS)
        if bug == "averaged":
            return POINTS.T @ (IMPORTANCE * (rate - EVENTS)) / IMPORTANCE.sum()
        return POINTS.T @ (IMPORTANCE * (rate - EVENTS))

    return from_value_and_grad(cost, slope)


def autoencoder(bug=None):
    """A tied weight: it is used on the way in and on the way out."""

    def cost(params):
        code = np.tanh(POINTS @ params["W"])
        return float(0.5 * np.sum((code @ params["W"].T - POINTS) ** 2))

    def slope(params):
        code = np.tanh(POINTS @ params["W"])
        error = code @ params["W"].T - POINTS
        dcode = error @ params["W"]
        dz = dcode if bug == "no slope" else dcode * (1 - code**2)
        inwards = POINTS.T @ dz
        outwards = error.T @ code
        return {"W": inwards if bug == "untied" else inwards + outwards}

    return from_value_and_grad(cost, slope)


def velocity(bug=False):  # B237
    def velocity(x, v):
        new = CONFIG["momentum"] * v + x @ MIXING

        def velocity_vjp(cotangents):
            dx, dv = cotangents
            d = dv + dx
            return (dx + d @ MIXING.T, d if bug else d * CONFIG["momentum"])

        return (x + new, new), velocity_vjp

    return velocity


def gate(bug=False):
    """A gated layer: the gate's own derivative is taken at its argument."""

    def forward(x, w):
        g = sigmoid(x @ w)
        return x * g, {"x": x, "w": w, "g": g}

    def backward(cache, dy):
        x, g = cache["x"], cache["g"]
        dz = dy * x * (g if bug else g * (1 - g))
        return dy * g + dz @ cache["w"].T, x.T @ dz

    return from_pair(forward, backward)


def scored(bug=False):
    """Rows are centred before they are weighed, and the centring is forgotten."""

    def scored(x):
        centred = (x - x.mean(axis=0)) * PRECISION

        def scored_vjp(dy):
            g = dy * PRECISION
            return (g if bug else g - g.mean(axis=0),)

        return centred, scored_vjp

    return scored


def distances(bug=False):
    """Distances to centres; the root is forgotten."""

    def cost(params):
        d = params["centres"][:, None, :] - POINTS
        return float(np.sum(IMPORTANCE * np.sqrt((d**2).sum(axis=2) + NOISE)))

    def slope(params):
        d = params["centres"][:, None, :] - POINTS
        r = np.sqrt((d**2).sum(axis=2) + NOISE)
        weight = IMPORTANCE if bug else IMPORTANCE / r
        return {"centres": (np.broadcast_to(weight, r.shape)[:, :, None] * d).sum(axis=1)}

    return from_value_and_grad(cost, slope)


def _layer(*shapes, scale=1.0):
    def draw(rng):
        return tuple(scale * rng.standard_normal(shape) for shape in shapes)

    return draw


def _named(**shapes):
    def draw(rng):
        return ({name: 0.6 * rng.standard_normal(shape) for name, shape in shapes.items()},)

    return draw


_6x3 = _layer((6, 3))
EXHIBITS = [
    row(injected, ("cotangent-ignored",), _6x3),
    row(row_gain, (*FACTOR, "wrong-axis", "operand-transposed"), _layer((3, 3), (3,))),
    row(unreduced, ("axis-not-summed",), _layer((6, 3), (1, 3))),
    row(soft_targets, ("diagonal-only", *NORM), _6x3),
    row(projected, TERM, _named(A=(3, 2))),
    row(two_losses, TERM, _named(W=(3, 2))),
    row(pooled, ("last-row", "last-block", *NUMBER), _layer((5, 3))),
    row(unseen_entries, (*FACTOR, "masked", "other-mask"), _named(W=(3, 2))),
    row(half_diagonal, ("off-diagonal", "transposed", *TERM), _layer((3, 3))),
    row(leaky, (*REGION, "at-output"), _6x3),
    row(capped, REGION, _6x3),
    row(cumulative, ("shifted", "reordered", "missing-sum", "lost-contributions", "other-formula"), _6x3),
    row(hazard, (*FACTOR, *TERM), _layer((3,), scale=0.5), "events unweighted"),
    row(hazard, NUMBER, _layer((3,), scale=0.5), "averaged"),
    row(autoencoder, (*SLOPE, *FACTOR), _named(W=(3, 2)), "no slope"),
    row(autoencoder, TERM, _named(W=(3, 2)), "untied"),
    row(velocity, (*NUMBER, *FACTOR), _layer((6, 3), (6, 3))),
    row(gate, (*FACTOR, *SLOPE, *TERM), _layer((6, 3), (3, 3))),
    row(scored, NORM, _6x3),
    row(distances, (*FACTOR, *TERM), _named(centres=(2, 3))),
]
