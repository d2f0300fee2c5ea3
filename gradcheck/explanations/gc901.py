"""GC901: vacuous, nothing was seen."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    def fourth_power(x):
        def fourth_power_vjp(dy):
            return (5 * x**3 * dy,)

        return x**4, fourth_power_vjp

    return Case(fourth_power, inputs=(np.zeros(3),))


def right() -> Case:
    def fourth_power(x):
        def fourth_power_vjp(dy):
            return (4 * x**3 * dy,)

        return x**4, fourth_power_vjp

    return Case(fourth_power, inputs=(np.array([0.5, -1.0, 2.0]),))


EXPLANATION = Explanation(
    "GC901",
    "Vacuous: the claimed gradient is zero and so is the measured one, so that nothing was seen of it. Not a law, but "
    "why a point could not decide.",
    "At such a point every formula that happens to vanish passes; the one in the example is wrong. A check that could "
    "not have failed is no evidence, and the verdict is inconclusive, not correct.",
    (
        "inputs of zeros or ones, saturated units, a ReLU that is off everywhere",
        "a cost of sum(y) after a softmax or a normalisation, which is constant",
        "an input that the forward does not use",
        "a size-0 input",
    ),
    "Judge at values that the function moves with: give a signature, so that random ones are drawn, or other inputs.",
    wrong,
    right,
)
