"""Mistakes of released code, written as people write: data in the module, in closures, by row, in entries of dicts.

After the causes of forty bugs of public repositories, each in another op than the museum's, before anybody looked at
what is said of them; `held_out` has twenty more, on which nothing was tuned.
"""

from __future__ import annotations

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair, from_value_and_grad

from .unseen import Unseen

DRAWN = np.random.default_rng(11)
ROWS = DRAWN.standard_normal((8, 4))
LABELS = (DRAWN.random(8) > 0.4).astype(float)
OBSERVED = DRAWN.standard_normal(8)
SHARE = DRAWN.uniform(0.4, 1.8, 8)
MIX = DRAWN.standard_normal((4, 4))
KEEP = 0.8
DROPPED = (DRAWN.random((5, 4)) > 0.3).astype(float)
DECAY = DRAWN.uniform(0.3, 0.9, 4)
STEEP = 1.7
DELTA = 0.9
RIDGE = 0.25
BASE = 2.5
GATES = DRAWN.uniform(-1, 1, (5, 4))
HELD = (DRAWN.random((3, 4)) > 0.4).astype(float)
EPSILON = 0.1

FACTOR = ("elementwise-factor", "other-factor", "operand-ignored", "other-formula", "line-factor", "option-factor")
TERM = ("missing-term", "other-term", "extra-term", "other-formula", "lost-contributions")
SLOPE = ("activation-missing", "other-activation", "other-function", "at-output")
NORM = ("missing-mean", "missing-projection", "wrong-axis", "summed-too-far", "missing-term", "other-term")
NUMBER = ("factor", "size-factor")
REGION = ("saturated", "negative", "positive", "at-borders", "masked", "other-mask")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# --- costs over the rows of the module: a vector of coefficients, or a dict ------------------------------------------


def huber(bug=False):  # B002
    def per_row(beta):
        r = ROWS @ beta - OBSERVED
        small = np.abs(r) < DELTA
        y = np.where(small, 0.5 * r**2, DELTA * (np.abs(r) - 0.5 * DELTA))

        def per_row_vjp(dy):
            slope = np.clip(r, -DELTA, DELTA)
            return (ROWS.T @ (slope if bug else dy * slope),)

        return y, per_row_vjp

    return per_row


def penalised(bug=False):  # B004
    def penalised(beta):
        r = ROWS @ beta - OBSERVED
        y = r @ r + RIDGE * beta @ beta

        def penalised_vjp(dy):
            penalty = 2 * RIDGE * beta
            return (dy * 2 * ROWS.T @ r + (penalty if bug else dy * penalty),)

        return y, penalised_vjp

    return penalised


def quadratic(bug=False):  # B008
    def quadratic(beta):
        def quadratic_vjp(dy):
            slope = dy * (MIX + MIX.T) @ beta
            return (dy * slope if bug else slope,)

        return beta @ MIX @ beta, quadratic_vjp

    return quadratic


def saved_loss(bug=False):  # B009
    def saved_loss(params):
        r = ROWS @ params["w"] - OBSERVED
        cache = {"dw": 2 * ROWS.T @ (SHARE * r)}

        def saved_loss_vjp(dy):
            return ({"w": cache["dw"] if bug else dy * cache["dw"]},)

        return np.sum(SHARE * r**2), saved_loss_vjp

    return saved_loss


def word_vectors(bug=False):  # B025
    def cost(params):
        z = ROWS @ params["W"] + params["b"]
        return float(np.sum(np.logaddexp(0, z).sum(axis=1) - LABELS * z[:, 0]))

    def slope(params):
        d = sigmoid(ROWS @ params["W"] + params["b"])
        d[:, 0] -= LABELS
        grads = {"W": ROWS.T @ d, "b": d.sum(axis=0)}
        if bug:
            grads["b"] = (ROWS.T @ d).sum(axis=0)
        return grads

    return from_value_and_grad(cost, slope)


def tanh_curve(bug=False):  # B030
    def cost(params):
        return float(np.sum((params["a"] * np.tanh(params["b"] * OBSERVED + params["c"]) - SHARE) ** 2))

    def slope(params):
        t = np.tanh(params["b"] * OBSERVED + params["c"])
        r = 2 * (params["a"] * t - SHARE)
        inner = r * params["a"] * (1 - t**2)
        return {
            "a": np.array([r @ t]),
            "b": np.array([inner.sum() if bug else inner @ OBSERVED]),
            "c": np.array([inner.sum()]),
        }

    return from_value_and_grad(cost, slope)


def power_loss(bug=False):  # B032
    def cost(beta):
        return float(np.sum(SHARE * np.abs(ROWS @ beta - OBSERVED) ** 3))

    def slope(beta):
        r = ROWS @ beta - OBSERVED
        return 3 * ROWS.T @ (SHARE * (np.sign(r) if bug else np.sign(r) * r**2))

    return from_value_and_grad(cost, slope)


def averaged_twice(bug=False):  # B033
    def cost(beta):
        return float(np.mean(SHARE * (ROWS @ beta - OBSERVED) ** 2))

    def slope(beta):
        r = 2 * SHARE * (ROWS @ beta - OBSERVED) / len(OBSERVED)
        return ROWS.T @ r / (len(OBSERVED) if bug else 1)

    return from_value_and_grad(cost, slope)


def hidden_layer(bug=None):  # B036, B040, B077, B079, B082
    def cost(params):
        h = sigmoid(ROWS @ params["W1"] + params["b1"])
        return float(np.mean((h @ params["W2"] - OBSERVED) ** 2))

    def slope(params):
        m = len(OBSERVED)
        z = ROWS @ params["W1"] + params["b1"]
        h = sigmoid(z)
        d = 2 * (h @ params["W2"] - OBSERVED) / m
        dh = np.outer(d, params["W2"])
        slope = h * (1 - h)
        if bug == "no slope":
            slope = 1
        if bug == "value for slope":
            slope = h
        if bug == "at output":
            slope = sigmoid(h) * (1 - sigmoid(h))
        dz = dh * slope
        if bug == "averaged twice":
            dz = dz / m
        return {
            "W1": ROWS.T @ dz,
            "b1": dz.mean(axis=0) if bug == "averaged bias" else dz.sum(axis=0),
            "W2": h.T @ d,
        }

    return from_value_and_grad(cost, slope)


def half_missing(bug=False):  # B041
    def cost(beta):
        return float(0.5 * np.sum(SHARE * (ROWS @ beta - OBSERVED) ** 2))

    def slope(beta):
        return (2 if bug else 1) * ROWS.T @ (SHARE * (ROWS @ beta - OBSERVED))

    return from_value_and_grad(cost, slope)


def steep_sigmoid(bug=False):  # B042
    def cost(params):
        p = sigmoid(STEEP * (ROWS @ params["w"]))
        return float(np.sum((p - LABELS) ** 2))

    def slope(params):
        p = sigmoid(STEEP * (ROWS @ params["w"]))
        inner = p * (1 - p) if bug else STEEP * p * (1 - p)
        return {"w": ROWS.T @ (2 * (p - LABELS) * inner)}

    return from_value_and_grad(cost, slope)


def used_twice(bug=None):  # B080, B102, B105
    def cost(params):
        first = np.tanh(ROWS @ params["W"])
        return float(SHARE @ (np.tanh(first @ params["W"]) @ params["v"]))

    def slope(params):
        first = np.tanh(ROWS @ params["W"])
        second = np.tanh(first @ params["W"])
        d2 = np.outer(SHARE, params["v"]) * (1 - second**2)
        d1 = d2 @ params["W"].T * (1 - first**2)
        grads = {"W": np.zeros_like(params["W"])}
        grads["W"] += first.T @ d2
        if bug == "overwritten":
            grads["W"] = ROWS.T @ d1
        elif bug != "first only":
            grads["W"] += ROWS.T @ d1
        if bug == "again":
            grads["W"] += ROWS.T @ d1
        grads["v"] = second.T @ SHARE
        return grads

    return from_value_and_grad(cost, slope)


def along_batch(bug=False):  # B024
    def cost(params):
        z = ROWS @ params["W"]
        return float(-np.sum(np.log(softmax(z)[:, 1])))

    def slope(params):
        p = softmax(ROWS @ params["W"], axis=0 if bug else 1)
        p[:, 1] -= 1
        return {"W": ROWS.T @ p}

    return from_value_and_grad(cost, slope)


# --- layers whose constants stand in the module or in a closure ------------------------------------------------------


def power_of_base(bug=False):  # B019
    def power(x):
        def power_vjp(dy):
            return (dy * (x * BASE ** (x - 1) if bug else np.log(BASE) * BASE**x),)

        return BASE**x, power_vjp

    return power


def mixed(bug=False):  # B020
    def mixed(x):
        return x @ MIX, lambda dy: (dy @ (MIX if bug else MIX.T),)

    return mixed


def chosen(bug=False):  # B023
    def chosen(x, s):
        def chosen_vjp(dy):
            ds = dy * (DROPPED if bug else 1 - DROPPED)
            return dy * DROPPED, np.array([ds.sum()])

        return np.where(DROPPED > 0, x, s), chosen_vjp

    return chosen


def padded(bug=False):  # B017
    def padded(x):
        def padded_vjp(dy):
            return (x.copy() if bug else dy[1:-1, 1:-1],)

        return np.pad(x, 1), padded_vjp

    return padded


def dropout(bug=None):  # B037
    def forward(x, w):
        return (x * DROPPED / KEEP) @ w, {"x": x, "w": w}

    def backward(saved, dy):
        dx = dy @ saved["w"].T * DROPPED
        return dx * KEEP if bug else dx / KEEP, (saved["x"] * DROPPED / KEEP).T @ dy

    return from_pair(forward, backward)


def decayed(bug=False):  # B044
    def decayed(k, h):
        def decayed_vjp(dy):
            return (dy * h if bug else dy * h * DECAY) + dy, dy * k * DECAY

        return k * h * DECAY + k, decayed_vjp

    return decayed


def repeated(bug=False):  # B046
    times = 3

    def repeated(x):
        def repeated_vjp(dy):
            if bug:
                return (np.broadcast_to(dy.sum(axis=0), x.shape).copy(),)
            return (dy.reshape(len(x), times, -1).sum(axis=1),)

        return np.repeat(x, times, axis=0), repeated_vjp

    return repeated


def difference(bug=False):  # B048
    def difference(x, y):
        return DECAY * (x - y), lambda dy: (dy * DECAY, dy * DECAY if bug else -dy * DECAY)

    return difference


def wave(bug=False):  # B049
    def cost(params):
        return float(SHARE @ np.cos(ROWS @ params["w"]))

    def slope(params):
        return {"w": (1 if bug else -1) * ROWS.T @ (SHARE * np.sin(ROWS @ params["w"]))}

    return from_value_and_grad(cost, slope)


def gated(bug=False):  # B050
    def gated(q, k):
        y = np.exp(q * k - GATES)

        def gated_vjp(dy):
            s = np.exp(q * k + GATES) if bug else y
            return dy * s * k, dy * s * q

        return y, gated_vjp

    return gated


def biased(bug=None):  # B051, B058, B061
    def biased(x, b):
        def biased_vjp(dy):
            if bug == "whole":
                return dy * DECAY, dy
            if bug == "other axis":
                return dy * DECAY, dy.mean(axis=1)
            return dy * DECAY, dy.sum(axis=0)

        return x * DECAY + b, biased_vjp

    return biased


def layer_norm(bug=None):  # B060, B063, B076
    def layer_norm(x):
        centred = x - x.mean(axis=1, keepdims=True)
        std = np.sqrt((centred**2).mean(axis=1, keepdims=True))
        cache = {"hat": centred / (std + EPSILON), "std": std}

        def layer_norm_vjp(dy):
            hat, std, n = cache["hat"], cache["std"], x.shape[1]
            if bug == "size":
                n = x.shape[0]
            mean = dy.sum(axis=None if bug == "whole" else 1, keepdims=True) / n
            scale = std + EPSILON if bug == "epsilon" else std
            along = (dy * hat).sum(axis=1, keepdims=True) / n
            return ((dy - mean) / (std + EPSILON) - hat * along / scale,)

        return cache["hat"], layer_norm_vjp

    return layer_norm


def attention_row(bug=False):  # B067
    def attention_row(z):
        s = softmax(z)

        def attention_row_vjp(dy):
            g = dy * DECAY
            return (s * (1 - s) * g if bug else s * (g - (g * s).sum(axis=1, keepdims=True)),)

        return s * DECAY, attention_row_vjp

    return attention_row


def rotated(bug=False):  # B073
    def rotated(q):
        length = np.sqrt((q * q).sum(axis=1, keepdims=True))
        unit = q / length

        def rotated_vjp(dy):
            g = dy @ MIX.T
            return (g / length if bug else (g - unit * (g * unit).sum(axis=1, keepdims=True)) / length,)

        return unit @ MIX, rotated_vjp

    return rotated


def normalised(bug=False):  # B075
    def normalised(k, v):
        total = k.sum(axis=0, keepdims=True)

        def normalised_vjp(dy):
            dk = dy * v / total
            if not bug:
                dk = dk - (dy * k * v).sum(axis=0, keepdims=True) / total**2
            return dk, dy * k / total

        return k * v / total, normalised_vjp

    return normalised


def hard_sigmoid(bug=False):  # B083
    def hard_sigmoid(x):
        def hard_sigmoid_vjp(dy):
            inside = np.abs(x) < 3
            return (dy * DECAY / 6 * (1 if bug else inside),)

        return np.clip(x / 6 + 0.5, 0, 1) * DECAY, hard_sigmoid_vjp

    return hard_sigmoid


def zoneout(bug=False):  # B092
    def zoneout(h, x):
        states = [h]
        for t in range(3):
            states.append(HELD[t] * states[-1] + (1 - HELD[t]) * np.tanh(x[t] + states[-1]))

        def zoneout_vjp(dy):
            dh, dx = dy, np.zeros_like(x)
            for t in reversed(range(3)):
                mask = HELD[0] if bug else HELD[t]
                dz = dh * (1 - mask) * (1 - np.tanh(x[t] + states[t]) ** 2)
                dx[t] = dz
                dh = dh * mask + dz
            return dh, dx

        return states[-1], zoneout_vjp

    return zoneout


def node(bug=False):  # B104
    def node(x):
        y = np.exp(DECAY * x)

        def node_vjp(dy):
            grads = {"x": dy * y}
            grads["x"] = dy * x * DECAY * y if bug else grads["x"] + dy * x * DECAY * y
            return (grads["x"],)

        return x * y, node_vjp

    return node


def rms(bug=False):  # B113
    def rms(x, w):
        r = np.sqrt((x * x).mean(axis=1, keepdims=True))
        hat = x / r

        def rms_vjp(dy):
            g = dy * w
            dx = (g - hat * (g * hat).mean(axis=1, keepdims=True)) / r
            return dx, None if bug else (dy * hat).sum(axis=0)

        return hat * w, rms_vjp

    return rms


def directed(bug=False):  # B116
    def directed(c, d):
        def directed_vjp(dy):
            return dy * np.tanh(d @ MIX), (np.zeros_like(d) if bug else (dy * c * (1 - np.tanh(d @ MIX) ** 2)) @ MIX.T)

        return c * np.tanh(d @ MIX), directed_vjp

    return directed


def cell(bug=False):  # B011
    def cell(x, c):
        i = sigmoid(x @ MIX)
        new = DECAY * c + i
        h = np.tanh(new)

        def cell_vjp(cotangents):
            dh, dnew = cotangents
            d = dh * (1 - h**2) + (0 if bug else dnew)
            return (d * i * (1 - i)) @ MIX.T, d * DECAY

        return (h, new), cell_vjp

    return cell


def _vector(rng):
    return (0.6 * rng.standard_normal(4),)


def _w(rng):
    return ({"w": 0.6 * rng.standard_normal(4)},)


def _words(rng):
    return ({"W": 0.5 * rng.standard_normal((4, 3)), "b": 0.5 * rng.standard_normal(3)},)


def _curve(rng):
    return ({name: rng.uniform(0.5, 1.5, 1) for name in "abc"},)


def _net(rng):
    return (
        {
            "W1": 0.6 * rng.standard_normal((4, 3)),
            "b1": 0.4 * rng.standard_normal(3),
            "W2": rng.standard_normal(3),
        },
    )


def _shared(rng):
    return ({"W": 0.6 * rng.standard_normal((4, 4)), "v": rng.standard_normal(4)},)


def _weights(rng):
    return ({"W": 0.6 * rng.standard_normal((4, 3))},)


def _layer(*shapes, scale=1.0):
    def draw(rng):
        return tuple(scale * rng.standard_normal(shape) for shape in shapes)

    return draw


def _positive(rng):
    return rng.uniform(0.5, 2.0, (5, 4)), rng.standard_normal((5, 4))


def row(make, causes, inputs, bug=True):
    """A wrong case, its right twin and what may be said; shapes are fixed by the data, values are drawn."""
    name = f"{make.__name__}{'' if bug is True else f': {bug}'}"
    right = make() if bug is True else make(None)
    return Unseen(Case(make(bug), inputs=inputs, name=name), Case(right, inputs=inputs), frozenset(causes))


_5x4 = _layer((5, 4))
EXHIBITS = [
    row(huber, ("cotangent-ignored",), _vector),
    row(penalised, ("cotangent-ignored",), _vector),
    row(quadratic, ("cotangent-power",), _vector),
    row(saved_loss, ("cotangent-ignored",), _w),
    row(word_vectors, (*FACTOR, *TERM), _words),
    row(tanh_curve, FACTOR, _curve),
    row(power_loss, (*FACTOR, *SLOPE), _vector),
    row(averaged_twice, NUMBER, _vector),
    row(hidden_layer, NUMBER, _net, "averaged twice"),
    row(hidden_layer, NUMBER, _net, "averaged bias"),
    row(hidden_layer, (*SLOPE, *FACTOR), _net, "no slope"),
    row(hidden_layer, (*SLOPE, *FACTOR), _net, "value for slope"),
    row(hidden_layer, (*SLOPE, *FACTOR), _net, "at output"),
    row(half_missing, NUMBER, _vector),
    row(steep_sigmoid, (*NUMBER, *FACTOR), _w),
    row(used_twice, TERM, _shared, "first only"),
    row(used_twice, TERM, _shared, "overwritten"),
    row(used_twice, TERM, _shared, "again"),
    row(along_batch, ("wrong-axis", "other-formula", "other-activation"), _weights),
    row(power_of_base, (*FACTOR, *SLOPE), _5x4),
    row(mixed, ("operand-transposed", "other-formula"), _5x4),
    row(chosen, ("inverted-mask", "other-mask", "other-formula"), _layer((5, 4), (1,))),
    row(padded, ("wrong-array",), _5x4),
    row(dropout, (*NUMBER, *FACTOR), _layer((5, 4), (4, 3))),
    row(decayed, (*FACTOR, *TERM), _layer((5, 4), (5, 4))),
    row(repeated, ("summed-too-far",), _5x4),
    row(difference, ("sign",), _layer((5, 4), (5, 4))),
    row(wave, ("sign",), _w),
    row(gated, (*FACTOR, "operand-sign"), _layer((5, 4), (5, 4))),
    row(biased, ("axis-not-summed",), _layer((5, 4), (4,)), "whole"),
    row(biased, ("wrong-axis", "size-factor"), _layer((4, 4), (4,)), "other axis"),
    row(layer_norm, NORM, _5x4, "whole"),
    row(layer_norm, (*NORM, "size-factor"), _5x4, "size"),
    row(layer_norm, (*NORM, "line-factor"), _5x4, "epsilon"),
    row(attention_row, ("diagonal-only", *NORM), _5x4),
    row(rotated, NORM, _5x4),
    row(normalised, (*TERM, "missing-mean", "missing-projection"), _positive),
    row(hard_sigmoid, REGION, _layer((5, 4), scale=3.0)),
    row(zoneout, ("operand-first-row", "other-mask", *FACTOR, *TERM), _layer((4,), (3, 4))),
    row(node, TERM, _5x4),
    row(rms, ("missing",), _layer((5, 4), (4,))),
    row(directed, ("missing",), _layer((5, 4), (5, 4))),
    row(cell, ("cotangent-dropped", *TERM), _layer((5, 4), (5, 4))),
]
