"""GC104: None exactly where no gradient exists."""

import numpy as np

from gradcheck import Case, Integers

from .explanation import Explanation


def wrong() -> Case:
    def picked(x, labels):
        rows = np.arange(len(x))

        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[rows, labels] = dy
            return dx, np.zeros(labels.shape)

        return x[rows, labels], picked_vjp

    return Case(picked, "(n,c),(n)->(n)", domains={"labels": Integers(0, "c")})


def right() -> Case:
    def picked(x, labels):
        rows = np.arange(len(x))

        def picked_vjp(dy):
            dx = np.zeros_like(x)
            dx[rows, labels] = dy
            return dx, None

        return x[rows, labels], picked_vjp

    return Case(picked, "(n,c),(n)->(n)", domains={"labels": Integers(0, "c")})


EXPLANATION = Explanation(
    "GC104",
    "A gradient is None exactly where none exists: for integer and boolean inputs, and for no floating one.",
    "None for a floating input means a weight that is never updated, and frameworks take None for zeros without a "
    "word; such a weight stayed frozen for years in a library that many use. Zeros for an integer input "
    "claim that a derivative exists and vanishes.",
    (
        "a gradient that was never written, with None as a placeholder",
        "a branch (needs_input_grad, training=False) that returns None where zeros, or the gradient, were meant",
        "zeros for labels or indices, so that all entries look alike",
    ),
    "Return the gradient of every floating input, np.zeros_like(x) where it really is zero, and None for integers.",
    wrong,
    right,
)
