"""GC102: the vjp returns a tuple."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def sine(x):
        def sine_vjp(dy):
            return dy * np.cos(x)

        return np.sin(x), sine_vjp

    return Case(sine, "(n)->(n)")


def right() -> Case:
    def sine(x):
        def sine_vjp(dy):
            return (dy * np.cos(x),)

        return np.sin(x), sine_vjp

    return Case(sine, "(n)->(n)")
