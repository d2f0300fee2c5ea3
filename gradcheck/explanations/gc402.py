"""GC402: forward mode is adjoint to the backward."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC402",
    "Forward mode, where the op has it (op.jvp), is adjoint to the backward: <u, J v> = <vjp(u), v>. It is finite "
    "where the forward has finite slopes along v; where they are infinite, neither need be finite.",
    "The dot test of scientific codes: iterative solvers that use both A and its adjoint stall or diverge when the "
    "two do not belong together, and it holds to rounding, without any step size.",
    (
        "a formula changed on one side only",
        "a term of the product rule left out of one of the two",
        "0 / 0 in one of the two at a point where the forward is smooth",
        "two things linearised at different points, or for different parameters",
        "an adjoint of another scaling, by the size of a grid cell or of a batch",
    ),
    "The report says with which side finite differences agree; mend the other.",
    wrong,
    right,
)
