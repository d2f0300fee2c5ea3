"""GC402: forward mode is adjoint to the backward."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def rotate(x):
        def rotate_vjp(dy):
            return (np.roll(dy, -1) * x[::-1],)

        return np.roll(x * x[::-1] / 2, 1), rotate_vjp

    def jvp(inputs, tangents):
        (x,), (v,) = inputs, tangents
        return np.roll(x * x[::-1] / 2, 1), np.roll(v * x[::-1] / 2, 1)

    rotate.jvp = jvp
    return Case(rotate, inputs=(np.array([0.5, -1.5, 0.5]),))


def right() -> Case:
    def rotate(x):
        def rotate_vjp(dy):
            g = np.roll(dy, -1) * x[::-1] / 2
            h = np.roll(dy, -1) * x / 2
            return (g + h[::-1],)

        return np.roll(x * x[::-1] / 2, 1), rotate_vjp

    def jvp(inputs, tangents):
        (x,), (v,) = inputs, tangents
        return np.roll(x * x[::-1] / 2, 1), np.roll((v * x[::-1] + x * v[::-1]) / 2, 1)

    rotate.jvp = jvp
    return Case(rotate, inputs=(np.array([0.5, -1.5, 0.5]),))
