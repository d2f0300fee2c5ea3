"""GC101: the vjp answers wherever its forward did."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def affine(w, x):
        def affine_vjp(dy):
            return np.outer(dy, x), w @ dy

        return w @ x, affine_vjp

    return Case(affine, "(o,i),(i)->(o)")


def right() -> Case:
    def affine(w, x):
        def affine_vjp(dy):
            return np.outer(dy, x), w.T @ dy

        return w @ x, affine_vjp

    return Case(affine, "(o,i),(i)->(o)")
