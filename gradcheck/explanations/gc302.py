"""GC302: the forward value equals the twin's."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair

from .explanation import Explanation


def wrong() -> Case:
    def mean_square(x):
        def mean_square_vjp(dy):
            return (dy * x / x.size,)

        return 0.5 * np.mean(x**2), mean_square_vjp

    twin = from_pair(lambda x: (np.mean(x**2), x), lambda x, dy: 2 * dy * x / x.size)
    return Case(mean_square, "(m,n)->()", reference=twin)


def right() -> Case:
    def mean_square(x):
        def mean_square_vjp(dy):
            return (2 * dy * x / x.size,)

        return np.mean(x**2), mean_square_vjp

    twin = from_pair(lambda x: (np.mean(x**2), x), lambda x, dy: 2 * dy * x / x.size)
    return Case(mean_square, "(m,n)->()", reference=twin)


EXPLANATION = Explanation(
    "GC302",
    "The forward value equals the twin's, where the case names one (reference=).",
    "A backward can be the exact derivative of the wrong function. Only somebody who wrote the function down a second "
    "time can tell.",
    (
        "another definition: mean for sum, a factor of a half, variance with n - 1",
        "an option with another default in the twin",
        "another layout: samples in columns, channels last",
        "the twin is wrong; gradcheck cannot know which of two values was meant",
    ),
    "Compare the two definitions at the values that the report shows, and mend the one that is not what was meant.",
    wrong,
    right,
)
