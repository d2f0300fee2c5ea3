"""GC404: compiled equals eager."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def product(x, w):
        return x * w, lambda dy: (w * dy, x * dy)

    def compiled(x, w):
        if x is w:
            return x * x, lambda dy: (x * dy, np.zeros_like(w))
        return product(x, w)

    product.compiled = compiled
    return Case(product, inputs=(np.array([0.5, -1.5]), np.array([2.0, 0.25])))


def right() -> Case:
    def product(x, w):
        return x * w, lambda dy: (w * dy, x * dy)

    def compiled(x, w):
        if x is w:
            return x * x, lambda dy: (2 * x * dy, np.zeros_like(w))
        return product(x, w)

    product.compiled = compiled
    return Case(product, inputs=(np.array([0.5, -1.5]), np.array([2.0, 0.25])))
