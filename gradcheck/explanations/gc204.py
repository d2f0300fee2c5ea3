"""GC204: nothing that was handed over is modified."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    def relu(x):
        mask = x > 0

        def relu_vjp(dy):
            dy[~mask] = 0
            return (dy.copy(),)

        return np.where(mask, x, 0.0), relu_vjp

    return Case(relu, "(n)->(n)")


def right() -> Case:
    def relu(x):
        mask = x > 0

        def relu_vjp(dy):
            return (np.where(mask, dy, 0.0),)

        return np.where(mask, x, 0.0), relu_vjp

    return Case(relu, "(n)->(n)")


EXPLANATION = Explanation(
    "GC204",
    "Inputs, options, outputs and cotangents are not modified, neither by the forward nor by the vjp.",
    "The caller still needs them: dy is shared by all ops that the output went to (a residual connection adds them "
    "up), and x may be the saved value of the op before. An array or a dict among the options is the caller's too: "
    "the op gets copies here, and elsewhere it does not. Whether the values are right all the same is asked of a "
    "fresh forward for each vjp, and said beside.",
    (
        "in-place arithmetic on an argument: dy *= y, dy[mask] = 0, x -= x.max()",
        "out=dy to save memory",
        "running statistics, a counter or a cache kept in an option",
        "a reshape or a slice of an argument, which is a view, written into",
    ),
    "Write dy * y instead of dy *= y; copy before writing into a view.",
    wrong,
    right,
)
