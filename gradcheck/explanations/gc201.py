"""GC201: linear in the cotangent."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC201",
    "The vjp is linear in the cotangent: twice dy gives twice the gradient, and a sum gives the sum.",
    "A vjp multiplies by a matrix that depends on the inputs only. One that does not is right for the cotangents that "
    "it was tried with, mostly dy = 1, and wrong in a chain, with another loss scale or another batch size. Or it is "
    "right in a chain and wrong at dy = 1, at all ones or at a single one, with which training and Jacobians ask.",
    (
        "clipping, normalising or rounding of gradients inside the vjp: that belongs to the optimiser",
        "abs(dy), dy**2, sign(dy), or dy used twice as a factor",
        "a test on dy, such as skipping a block whose dy is small",
        "dy left out, so that the gradient is that for dy = 1",
        "a fast path for dy = 1 or for a single row, which computes something else",
    ),
    "Let dy enter each term exactly once, as a factor.",
    wrong,
    right,
)
