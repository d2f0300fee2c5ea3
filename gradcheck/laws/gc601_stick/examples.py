"""GC601: the error of a backward of few digits is within the measuring stick."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


def wrong() -> Case:
    def exponential(x):
        y = np.expm1(x)

        def exponential_vjp(dy):
            return (dy * (y + 1),)

        return y, exponential_vjp

    twin = from_pair(lambda x: (np.expm1(x), x), lambda x, dy: dy * np.exp(x))
    return Case(exponential, "(n)->(n)", reference=twin, dtype="float32")


def right() -> Case:
    def exponential(x):
        def exponential_vjp(dy):
            return (dy * np.exp(x),)

        return np.expm1(x), exponential_vjp

    twin = from_pair(lambda x: (np.expm1(x), x), lambda x, dy: dy * np.exp(x))
    return Case(exponential, "(n)->(n)", reference=twin, dtype="float32")
