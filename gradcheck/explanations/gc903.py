"""GC903: a kink."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    def absolute(x):
        def absolute_vjp(dy):
            return (np.where(x == 0, 0.25, np.sign(x)) * dy,)

        return np.abs(x), absolute_vjp

    return Case(absolute, inputs=(np.array([0.0, 0.0]),))


def right() -> Case:
    def absolute(x):
        def absolute_vjp(dy):
            return (np.sign(x) * dy,)

        return np.abs(x), absolute_vjp

    return Case(absolute, inputs=(np.array([0.0, -1.5, 2.0]),))


EXPLANATION = Explanation(
    "GC903",
    "A kink: the slopes from the two sides differ, and the claim lies between them, a subgradient. Not a law, but why "
    "a point says less than others.",
    "Between the slopes every value is as good as any other, so that a kink can convict (GC301, when the claim lies "
    "outside them) but hardly ever acquit.",
    (
        "relu, abs, max, clip, sorting, pooling at an exact zero or tie",
        "inputs made of whole numbers, which tie all the time",
        "padding with zeros",
    ),
    "Nothing is to be mended. Judge at other values too: with a signature, kinks are planted among ordinary values.",
    wrong,
    right,
)
