"""GC902: noise, finite differences do not settle."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def sine(x):
        noise = np.sin(1e9 * x) * 1e-3

        def sine_vjp(dy):
            return (np.cos(x) * dy,)

        return np.sin(x) + noise, sine_vjp

    return Case(sine, inputs=(np.array([0.5, -1.0, 2.0]),))


def right() -> Case:
    def sine(x):
        def sine_vjp(dy):
            return (np.cos(x) * dy,)

        return np.sin(x), sine_vjp

    return Case(sine, inputs=(np.array([0.5, -1.0, 2.0]),))
