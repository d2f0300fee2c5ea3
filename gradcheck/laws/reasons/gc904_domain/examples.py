"""GC904: the edge of the domain."""

import numpy as np

from gradcheck import Case, Reals


def wrong() -> Case:
    def log(x):
        def log_vjp(dy):
            return (dy / x,)

        return np.log(x), log_vjp

    return Case(log, "(3,4)->(3,4)")


def right() -> Case:
    def log(x):
        def log_vjp(dy):
            return (dy / x,)

        return np.log(x), log_vjp

    return Case(log, "(3,4)->(3,4)", domains={"x": Reals(0, None)})
