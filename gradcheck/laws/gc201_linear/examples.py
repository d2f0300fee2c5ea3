"""GC201: linear in the cotangent."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def sine(x):
        def sine_vjp(dy):
            return (np.clip(dy * np.cos(x), -1, 1),)

        return np.sin(x), sine_vjp

    return Case(sine, "(n)->(n)")


def right() -> Case:
    def sine(x):
        def sine_vjp(dy):
            return (dy * np.cos(x),)

        return np.sin(x), sine_vjp

    return Case(sine, "(n)->(n)")
