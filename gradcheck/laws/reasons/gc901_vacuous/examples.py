"""GC901: vacuous, nothing was seen."""

import numpy as np

from gradcheck import Case


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
