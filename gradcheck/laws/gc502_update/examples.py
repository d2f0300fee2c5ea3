"""GC502: the case's own update rule lowers the cost."""

import numpy as np

from gradcheck import Case, Descent


def wrong() -> Case:
    def half_square(x):
        def half_square_vjp(dJ):
            return (dJ * x,)

        return 0.5 * np.sum(x**2), half_square_vjp

    def update(parameters, gradients, rate):
        return tuple(p + rate * g for p, g in zip(parameters, gradients, strict=True))

    return Case(half_square, "(n)->()", descent=Descent(update, ("x",)))


def right() -> Case:
    def half_square(x):
        def half_square_vjp(dJ):
            return (dJ * x,)

        return 0.5 * np.sum(x**2), half_square_vjp

    def update(parameters, gradients, rate):
        return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True))

    return Case(half_square, "(n)->()", descent=Descent(update, ("x",)))
