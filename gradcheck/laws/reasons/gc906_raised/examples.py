"""GC906: the op raised."""

import numpy as np

from gradcheck import Case


def wrong() -> Case:
    def trace(a):
        if a.shape[0] != a.shape[1]:
            raise ValueError("a square matrix is needed")

        def trace_vjp(dy):
            return (dy * np.eye(len(a)),)

        return np.trace(a), trace_vjp

    return Case(trace, "(m,n)->()")


def right() -> Case:
    def trace(a):
        if a.shape[0] != a.shape[1]:
            raise ValueError("a square matrix is needed")

        def trace_vjp(dy):
            return (dy * np.eye(len(a)),)

        return np.trace(a), trace_vjp

    return Case(trace, "(n,n)->()")
