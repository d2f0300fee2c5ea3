"""GC209: the forward alone gives what it gives inside the op."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def gelu(x):
        t = np.tanh(0.7978845608 * (x + 0.044715 * x**3))

        def gelu_vjp(dy):
            dt = (1 - t**2) * 0.7978845608 * (1 + 3 * 0.044715 * x**2)
            return (dy * (0.5 * (1 + t) + 0.5 * x * dt),)

        return 0.5 * x * (1 + t), gelu_vjp

    gelu.forward = lambda x: x / (1 + np.exp(-1.702 * x))
    return Case(gelu, "(n)->(n)")


def right() -> Case:
    def gelu(x):
        t = np.tanh(0.7978845608 * (x + 0.044715 * x**3))

        def gelu_vjp(dy):
            dt = (1 - t**2) * 0.7978845608 * (1 + 3 * 0.044715 * x**2)
            return (dy * (0.5 * (1 + t) + 0.5 * x * dt),)

        return 0.5 * x * (1 + t), gelu_vjp

    gelu.forward = lambda x: 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
    return Case(gelu, "(n)->(n)")
