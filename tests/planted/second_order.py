"""First derivatives right, second derivatives or the forward mode wrong.

``op.second`` is the vjp as an op of inputs and cotangent; ``op.jvp`` is the forward mode.
"""

import math

import numpy as np

from gradcheck import Reals
from gradcheck.adapters import from_pair

from .exhibit import two_ops


def twice(forward, backward, gradient, gradient_backward):
    """An op with a second: two pairs of a forward and a backward."""
    op = from_pair(forward, backward)
    op.second = from_pair(gradient, gradient_backward)
    return op


def sinc_derivative(x, order):
    """The derivative of sin(x) / x: its series near 0, its formula elsewhere."""
    near = np.where(np.abs(x) < 1, x, 0)
    series = np.zeros_like(x)
    for k in range((order + 1) // 2, 10):
        factor = math.perm(2 * k, order) / math.factorial(2 * k + 1)
        series = series + (-1) ** k * factor * near ** (2 * k - order)
    far = np.where(np.abs(x) < 1, 1, x)
    sine, cosine = np.sin(far) / far, np.cos(far)
    formula = (sine, (cosine - sine) / far, -sine - 2 * (cosine - sine) / far**2)[order]
    return np.where(np.abs(x) < 1, series, formula)


def sinc(x):
    return sinc_derivative(x, 0), x


def sinc_backward(x, dy):
    return (dy * sinc_derivative(x, 1),)


def sinc_gradient(x, dy):
    return dy * sinc_derivative(x, 1), (x, dy)


def sinc_gradient_backward_flat_at_zero(saved, ddx):
    x, dy = saved
    curvature = np.where(x == 0, 0, sinc_derivative(x, 2))
    return ddx * dy * curvature, ddx * sinc_derivative(x, 1)


def sinc_gradient_backward(saved, ddx):
    x, dy = saved
    curvature = sinc_derivative(x, 2)
    return ddx * dy * curvature, ddx * sinc_derivative(x, 1)


def x_tanh(x):
    t = np.tanh(x)
    return x * t, (x, t)


def x_tanh_backward(saved, dy):
    x, t = saved
    return (dy * (t + x * (1 - t**2)),)


def x_tanh_gradient(x, dy):
    t = np.tanh(x)
    return dy * (t + x * (1 - t**2)), (x, t, dy)


def x_tanh_gradient_backward_no_history(saved, ddx):
    x, t, dy = saved
    dt = np.zeros_like(t)
    dx = ddx * dy * (1 - t**2) + dt * (1 - t**2)
    return dx, ddx * (t + x * (1 - t**2))


def x_tanh_gradient_backward(saved, ddx):
    x, t, dy = saved
    dt = ddx * dy * (1 - 2 * x * t)
    dx = ddx * dy * (1 - t**2) + dt * (1 - t**2)
    return dx, ddx * (t + x * (1 - t**2))


def over_deviation(x, variance):
    """x / sqrt(variance)."""
    inverse = 1 / np.sqrt(variance)
    return x * inverse, (x, inverse)


def over_deviation_backward(saved, dy):
    x, inverse = saved
    return dy * inverse, -dy * x * inverse**3 / 2


def over_deviation_gradient(x, variance, dy):
    inverse = 1 / np.sqrt(variance)
    return (dy * inverse, -dy * x * inverse**3 / 2), (x, inverse, dy)


def over_deviation_gradient_backward_sign(saved, dd):
    x, inverse, dy = saved
    ddx, ddvariance = dd
    dx = ddvariance * dy * inverse**3 / 2
    dvariance = -ddx * dy * inverse**3 / 2 + 3 * ddvariance * dy * x * inverse**5 / 4
    return dx, dvariance, ddx * inverse - ddvariance * x * inverse**3 / 2


def over_deviation_gradient_backward(saved, dd):
    x, inverse, dy = saved
    ddx, ddvariance = dd
    dx = -ddvariance * dy * inverse**3 / 2
    dvariance = -ddx * dy * inverse**3 / 2 + 3 * ddvariance * dy * x * inverse**5 / 4
    return dx, dvariance, ddx * inverse - ddvariance * x * inverse**3 / 2


def with_jvp(forward, backward, jvp):
    """An op with a forward mode."""
    op = from_pair(forward, backward)
    op.jvp = jvp
    return op


def cross_entropy_gradient(x, target):
    """The gradient of the binary cross entropy of logits x: a backward, differentiated once more."""
    s = 0.5 * (1 + np.tanh(0.5 * x))
    return s - target, s


def cross_entropy_gradient_backward(s, dy):
    return dy * s * (1 - s), -dy


def cross_entropy_gradient_jvp_saved_sigmoid(inputs, tangents):
    x, target = inputs
    s = 0.5 * (1 + np.tanh(0.5 * x))
    ds = np.zeros_like(s)
    return s - target, ds - tangents[1]


def cross_entropy_gradient_jvp(inputs, tangents):
    x, target = inputs
    s = 0.5 * (1 + np.tanh(0.5 * x))
    ds = s * (1 - s) * tangents[0]
    return s - target, ds - tangents[1]


EXHIBITS = [
    two_ops(
        "B220",
        "forward over reverse takes a saved sigmoid for a constant",
        "(n),(n)->(n)",
        cause="forward-mode",
        wrong=with_jvp(
            cross_entropy_gradient,
            cross_entropy_gradient_backward,
            cross_entropy_gradient_jvp_saved_sigmoid,
        ),
        right=with_jvp(cross_entropy_gradient, cross_entropy_gradient_backward, cross_entropy_gradient_jvp),
        law="GC402",
    ),
    two_ops(
        "B217",
        "sinc has no curvature at 0",
        "(n)->(n)",
        cause="at-zeros",
        wrong=twice(sinc, sinc_backward, sinc_gradient, sinc_gradient_backward_flat_at_zero),
        right=twice(sinc, sinc_backward, sinc_gradient, sinc_gradient_backward),
        law="GC401",
        order=2,
    ),
    two_ops(
        "B218",
        "a saved intermediate has no history",
        "(n)->(n)",
        cause="missing-term",
        wrong=twice(x_tanh, x_tanh_backward, x_tanh_gradient, x_tanh_gradient_backward_no_history),
        right=twice(x_tanh, x_tanh_backward, x_tanh_gradient, x_tanh_gradient_backward),
        law="GC401",
        order=2,
    ),
    two_ops(
        "B223",
        "a sign in the double backward of a norm",
        "(n),(n)->(n)",
        cause="sign",
        wrong=twice(
            over_deviation,
            over_deviation_backward,
            over_deviation_gradient,
            over_deviation_gradient_backward_sign,
        ),
        right=twice(over_deviation, over_deviation_backward, over_deviation_gradient, over_deviation_gradient_backward),
        law="GC401",
        order=2,
        domains={"variance": Reals(0, None)},
    ),
]
