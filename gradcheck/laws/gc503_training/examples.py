"""GC503: training raises the cost at no step."""

import numpy as np

from gradcheck import Case, Descent


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
