"""GC904: the edge of the domain."""

import numpy as np

from gradcheck import Case, Reals

from .explanation import Explanation


def wrong() -> Case:
    def log(x):
        def log_vjp(dy):
            return (dy / x,)

        return np.log(x), log_vjp

    return Case(log, "(3,4)->(3,4)")


def right() -> Case:
    def log(x):
        def log_vjp(dy):
            return (dy / x,)

        return np.log(x), log_vjp

    return Case(log, "(3,4)->(3,4)", domains={"x": Reals(0, None)})


EXPLANATION = Explanation(
    "GC904",
    "Domain: the forward is not finite at this point, or not on both sides of it, so that it has no slope there. Not a "
    "law, but why a point could not decide.",
    "Inputs are drawn from all real numbers unless the case says otherwise, and log, sqrt or arcsin have no value at "
    "most of them.",
    (
        "no domains= for an input that must be positive, or lie in [0, 1]",
        "exp that overflows at large inputs: those examples are only counted",
        "fixed inputs on the edge: log(0), arcsin(1)",
    ),
    "Say where the values lie: domains={'x': Reals(0, None)} for positive ones, Reals(-1, 1) for an interval.",
    wrong,
    right,
)
