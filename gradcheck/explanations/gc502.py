"""GC502: the case's own update rule lowers the cost."""

import numpy as np

from gradcheck import Case, Descent

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC502",
    "A small enough step of the case's own update rule (descent=) lowers the cost. A descent that cannot be watched, "
    "of what is no single number, or of what has no gradient, is refused in a sentence.",
    "The gradient is right and training still goes uphill: the mistake is in the three lines that nobody tests.",
    (
        "plus for minus",
        "gradients in another order than the parameters",
        "an update that modifies its parameters in place and returns the old ones",
        "a step that does not grow with the learning rate",
    ),
    "Subtract the learning rate times the gradient, parameter by parameter, and return the new values.",
    wrong,
    right,
)
