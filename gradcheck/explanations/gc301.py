"""GC301: the vjp is the derivative of the forward."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    def weighted_mean_square(x, w):
        y = np.sum((x * w) ** 2) / len(x)

        def weighted_mean_square_vjp(dy):
            dx = dy * 2 * x * w**2 / len(x)
            dw = dy * 2 * np.sum(x**2 * w, axis=0)
            return dx, dw

        return y, weighted_mean_square_vjp

    return Case(weighted_mean_square, "(m,n),(n)->()")


def right() -> Case:
    def weighted_mean_square(x, w):
        y = np.sum((x * w) ** 2) / len(x)

        def weighted_mean_square_vjp(dy):
            dx = dy * 2 * x * w**2 / len(x)
            dw = dy * 2 * np.sum(x**2 * w, axis=0) / len(x)
            return dx, dw

        return y, weighted_mean_square_vjp

    return Case(weighted_mean_square, "(m,n),(n)->()")


EXPLANATION = Explanation(
    "GC301",
    "The vjp is the derivative of the forward: <vjp(u), v> equals the slope of <u, F(x + t v)> at t = 0, as finite "
    "differences measure it, within their own measured error.",
    "This is what a backward is for. A gradient that is off by a factor still trains, only slower or less "
    "stably; one that points elsewhere trains something else. Nothing raises.",
    (
        "a factor: the 2 of a square, the 1/M of a mean, a sign",
        "the wrong matrix, or one that is not transposed, at shapes that agree",
        "a derivative taken at the output where it is a function of the input, or the other way round",
        "an axis that is averaged instead of summed; the mean that a normalisation subtracts",
        "a zero, a tie, a border, the last block: right nearly everywhere",
    ),
    "Look at the line that the report points at, and at the ratio: a plain number is a factor, and if it moves with "
    "a size, a mean is missing. `again:` makes the smallest example once more; "
    "`gradcheck fix` searches the edit.",
    wrong,
    right,
)
