"""GC906: the op raised."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC906",
    "The op itself raised at inputs that its signature allows. Not a law, but why a point could not decide.",
    "Nothing can be said about a gradient where there is no value. At an ordinary shape the case is inconclusive, "
    "since nobody knows what else was left out; at a size-0 axis it is only noted.",
    (
        "a signature that allows more than the op: (m,n) for a square matrix, which is (n,n)",
        "an integer input without domains=, so that an index is out of range",
        "an option whose values do not fit all shapes",
    ),
    "Let the signature, the domains and the options say what the op takes.",
    wrong,
    right,
)
