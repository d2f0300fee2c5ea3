"""GC302: the forward value equals the twin's."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


def wrong() -> Case:
    def mean_square(x):
        def mean_square_vjp(dy):
            return (dy * x / x.size,)

        return 0.5 * np.mean(x**2), mean_square_vjp

    twin = from_pair(lambda x: (np.mean(x**2), x), lambda x, dy: 2 * dy * x / x.size)
    return Case(mean_square, "(m,n)->()", reference=twin)


def right() -> Case:
    def mean_square(x):
        def mean_square_vjp(dy):
            return (2 * dy * x / x.size,)

        return np.mean(x**2), mean_square_vjp

    twin = from_pair(lambda x: (np.mean(x**2), x), lambda x, dy: 2 * dy * x / x.size)
    return Case(mean_square, "(m,n)->()", reference=twin)
