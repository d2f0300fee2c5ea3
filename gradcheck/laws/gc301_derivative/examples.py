"""GC301: the vjp is the derivative of the forward."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def weighted_mean_square(x, w):
        y = np.sum((x * w) ** 2) / len(x)

        def weighted_mean_square_vjp(dy):
            dx = dy * 2 * x * w**2 / len(x)
            dw = dy * 2 * np.sum(x**2 * w, axis=0)
            return dx, dw

        return y, weighted_mean_square_vjp

    return Case(weighted_mean_square, "(m,n),(n)->()")


def right() -> Case:
    def weighted_mean_square(x, w):
        y = np.sum((x * w) ** 2) / len(x)

        def weighted_mean_square_vjp(dy):
            dx = dy * 2 * x * w**2 / len(x)
            dw = dy * 2 * np.sum(x**2 * w, axis=0) / len(x)
            return dx, dw

        return y, weighted_mean_square_vjp

    return Case(weighted_mean_square, "(m,n),(n)->()")
