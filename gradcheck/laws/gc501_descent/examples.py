"""GC501: a small step against the gradient lowers the cost."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def half_square(x, target):
        def half_square_vjp(dJ):
            return dJ * (target - x), dJ * (x - target)

        return 0.5 * np.sum((x - target) ** 2), half_square_vjp

    return Case(half_square, "(n),(n)->()")


def right() -> Case:
    def half_square(x, target):
        def half_square_vjp(dJ):
            return dJ * (x - target), dJ * (target - x)

        return 0.5 * np.sum((x - target) ** 2), half_square_vjp

    return Case(half_square, "(n),(n)->()")
