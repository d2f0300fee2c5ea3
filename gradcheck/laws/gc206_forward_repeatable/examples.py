"""GC206: the forward is repeatable."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    rng = np.random.default_rng(0)

    def jitter(x):
        shifted = x + 1e-3 * rng.random()

        def jitter_vjp(dy):
            return (np.cos(shifted) * dy,)

        return np.sin(shifted), jitter_vjp

    return Case(jitter, "(n)->(n)")


def right() -> Case:
    def jitter(x, *, seed=0):
        shifted = x + 1e-3 * np.random.default_rng(seed).random()

        def jitter_vjp(dy):
            return (np.cos(shifted) * dy,)

        return np.sin(shifted), jitter_vjp

    return Case(jitter, "(n)->(n)", options={"seed": [0, 1]})
