"""GC905: a singular point."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def cube_root(x):
        y = np.cbrt(x)

        def cube_root_vjp(dy):
            return (dy / (3 * y**2),)

        return y, cube_root_vjp

    return Case(cube_root, inputs=(np.array([0.0]),))


def right() -> Case:
    def cube_root(x):
        y = np.cbrt(x)

        def cube_root_vjp(dy):
            return (dy / (3 * y**2),)

        return y, cube_root_vjp

    return Case(cube_root, inputs=(np.array([0.5, -2.0]),))
