"""GC503: training raises the cost at no step."""

import numpy as np

from gradcheck import Case, Descent

from .explanation import Explanation


def wrong() -> Case:
    def half_square(x):
        def half_square_vjp(dJ):
            return (dJ * x,)

        return 0.5 * np.sum(x**2), half_square_vjp

    def update(parameters, gradients, rate):
        return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True))

    start = np.array([0.5, -1.0])
    return Case(half_square, inputs=(start,), descent=Descent(update, ("x",), learning_rate=2.5, steps=20))


def right() -> Case:
    def half_square(x):
        def half_square_vjp(dJ):
            return (dJ * x,)

        return 0.5 * np.sum(x**2), half_square_vjp

    def update(parameters, gradients, rate):
        return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True))

    start = np.array([0.5, -1.0])
    return Case(half_square, inputs=(start,), descent=Descent(update, ("x",), learning_rate=0.5, steps=20))


EXPLANATION = Explanation(
    "GC503",
    "Training as the case describes it (descent= with steps) raises the cost at no step.",
    "A right gradient with too large a step diverges, and the curve of a cost that jumps about looks much like that "
    "of a wrong gradient.",
    (
        "a learning rate above what the curvature allows",
        "a cost that is summed over samples where the rate was chosen for a mean",
        "inputs that are not scaled",
    ),
    "Halve the learning rate until the cost falls at every step; where the gradient is right there is such a rate.",
    wrong,
    right,
)
