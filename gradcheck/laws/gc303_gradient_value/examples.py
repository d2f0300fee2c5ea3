"""GC303: the gradient equals the twin's."""

import numpy as np

from gradcheck import Case
from gradcheck.adapters import from_pair


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
