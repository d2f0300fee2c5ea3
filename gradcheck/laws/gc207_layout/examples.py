"""GC207: the answer does not depend on memory layout."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def scale_rows(x):
        factors = np.arange(1.0, 1.0 + x.size)

        def scale_rows_vjp(dy):
            return ((dy.ravel("K") * factors).reshape(x.shape),)

        return (x.ravel() * factors).reshape(x.shape), scale_rows_vjp

    return Case(scale_rows, "(m,n)->(m,n)")


def right() -> Case:
    def scale_rows(x):
        factors = np.arange(1.0, 1.0 + x.size)

        def scale_rows_vjp(dy):
            return ((dy.ravel() * factors).reshape(x.shape),)

        return (x.ravel() * factors).reshape(x.shape), scale_rows_vjp

    return Case(scale_rows, "(m,n)->(m,n)")
