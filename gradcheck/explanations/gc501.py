"""GC501: a small step against the gradient lowers the cost."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    def half_square(x, target):
        def half_square_vjp(dJ):
            return dJ * (target - x), dJ * (x - target)

        return 0.5 * np.sum((x - target) ** 2), half_square_vjp

    return Case(half_square, "(n),(n)->()")


def right() -> Case:
    def half_square(x, target):
        def half_square_vjp(dJ):
            return dJ * (x - target), dJ * (target - x)

        return 0.5 * np.sum((x - target) ** 2), half_square_vjp

    return Case(half_square, "(n),(n)->()")


EXPLANATION = Explanation(
    "GC501",
    "A small enough step against the gradient lowers the cost, for every op whose value is one number.",
    "Training goes uphill. It is the one law whose breach everybody understands, and it needs no tolerance: only the "
    "sign is asked.",
    (
        "a sign: prediction minus target, or the other way round",
        "a gradient so wrong that it points uphill (GC301 tells more)",
        "a cost that is to be maximised: negate the cost, not its gradient",
    ),
    "Look at the signs along the chain, starting with the gradient of the cost itself.",
    wrong,
    right,
)
