"""GC204: nothing that was handed over is modified."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def relu(x):
        mask = x > 0

        def relu_vjp(dy):
            dy[~mask] = 0
            return (dy.copy(),)

        return np.where(mask, x, 0.0), relu_vjp

    return Case(relu, "(n)->(n)")


def right() -> Case:
    def relu(x):
        mask = x > 0

        def relu_vjp(dy):
            return (np.where(mask, dy, 0.0),)

        return np.where(mask, x, 0.0), relu_vjp

    return Case(relu, "(n)->(n)")
