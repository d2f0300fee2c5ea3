"""GC106: each raw gradient has the dtype of its input."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def halve(x):
        def halve_vjp(dy):
            return (np.full(x.shape, 0.5) * dy,)

        return x * np.float32(0.5), halve_vjp

    return Case(halve, "(n)->(n)", dtype="float32")


def right() -> Case:
    def halve(x):
        def halve_vjp(dy):
            return (np.full_like(x, 0.5) * dy,)

        return x * np.float32(0.5), halve_vjp

    return Case(halve, "(n)->(n)", dtype="float32")
