"""GC903: a kink."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def absolute(x):
        def absolute_vjp(dy):
            return (np.where(x == 0, 0.25, np.sign(x)) * dy,)

        return np.abs(x), absolute_vjp

    return Case(absolute, inputs=(np.array([0.0, 0.0]),))


def right() -> Case:
    def absolute(x):
        def absolute_vjp(dy):
            return (np.sign(x) * dy,)

        return np.abs(x), absolute_vjp

    return Case(absolute, inputs=(np.array([0.0, -1.5, 2.0]),))
