"""GC107: gradients are finite where the forward is smooth."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def smooth_abs(x):
        y = np.sqrt(x**2 + 1)

        def smooth_abs_vjp(dy):
            return (dy * (y**2 - 1) / (x * y),)

        return y, smooth_abs_vjp

    return Case(smooth_abs, inputs=(np.array([0.0, 1.5]),))


def right() -> Case:
    def smooth_abs(x):
        y = np.sqrt(x**2 + 1)

        def smooth_abs_vjp(dy):
            return (dy * x / y,)

        return y, smooth_abs_vjp

    return Case(smooth_abs, inputs=(np.array([0.0, 1.5]),))
