"""GC403: a batch gives what its examples give."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def scale(x, w):
        return w * x, lambda dy: (w * dy, x * dy)

    def batched(axes):
        def scale_batch(x, w):
            def vjp(dy):
                dx, dw = w * dy, x * dy
                return (dx if axes[0] == 0 else dx.sum(axis=0)), dw

            return w * x, vjp

        return scale_batch

    scale.batched = batched
    return Case(scale, inputs=(np.array([0.5, -1.5]), np.array([2.0, 0.25])))


def right() -> Case:
    def scale(x, w):
        return w * x, lambda dy: (w * dy, x * dy)

    def batched(axes):
        def scale_batch(x, w):
            def vjp(dy):
                dx, dw = w * dy, x * dy
                return (dx if axes[0] == 0 else dx.sum(axis=0)), (dw if axes[1] == 0 else dw.sum(axis=0))

            return w * x, vjp

        return scale_batch

    scale.batched = batched
    return Case(scale, inputs=(np.array([0.5, -1.5]), np.array([2.0, 0.25])))
