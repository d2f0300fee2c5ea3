"""GC303: the gradient equals the twin's."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair

from .explanation import Explanation


def wrong() -> Case:
    def cube(x):
        def cube_vjp(dy):
            return (2 * x**2 * dy,)

        return x**3, cube_vjp

    twin = from_pair(lambda x: (x**3, x), lambda x, dy: 3 * x**2 * dy)
    return Case(cube, inputs=(np.array([0.5, -1.5]),), reference=twin)


def right() -> Case:
    def cube(x):
        def cube_vjp(dy):
            return (3 * x**2 * dy,)

        return x**3, cube_vjp

    twin = from_pair(lambda x: (x**3, x), lambda x, dy: 3 * x**2 * dy)
    return Case(cube, inputs=(np.array([0.5, -1.5]),), reference=twin)


EXPLANATION = Explanation(
    "GC303",
    "The gradient equals the twin's; where they differ, finite differences name the odd one out.",
    "Three witnesses instead of two: a wrong twin is not blamed on the backward, and a backward that is wrong by less "
    "than differences can see is still seen.",
    (
        "a wrong backward: finite differences side with the twin, and GC301 says so too",
        "a wrong twin, or another function (GC302): then it is the odd one out, and only a hazard",
        "a kink, at which both may choose; that is no finding",
    ),
    "Mend the side that the report calls the odd one out.",
    wrong,
    right,
)
