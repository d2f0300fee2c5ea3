"""GC104: None exactly where no gradient exists."""

import numpy as np

from gradcheck import Case, Integers


def wrong() -> Case:
    def picked(x, labels):
        rows = np.arange(len(x))

        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[rows, labels] = dy
            return dx, np.zeros(labels.shape)

        return x[rows, labels], picked_vjp

    return Case(picked, "(n,c),(n)->(n)", domains={"labels": Integers(0, "c")})


def right() -> Case:
    def picked(x, labels):
        rows = np.arange(len(x))

        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[rows, labels] = dy
            return dx, None

        return x[rows, labels], picked_vjp

    return Case(picked, "(n,c),(n)->(n)", domains={"labels": Integers(0, "c")})
