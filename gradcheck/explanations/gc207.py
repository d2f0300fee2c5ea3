"""GC207: the answer does not depend on memory layout."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC207",
    "The answer does not depend on the memory layout of inputs or cotangent: transposed, strided, reversed, "
    "broadcast or read-only arrays of the same values give the same gradients.",
    "The cotangent that a chain hands over is often a transpose, or a number broadcast by a sum (stride 0). A kernel "
    "that walks memory reads other values, and every test with fresh arrays passes.",
    (
        "C, CUDA or Triton code that gets a pointer and assumes row order",
        "ravel('K'), a view with as_strided, np.frombuffer",
        "writing into dx through reshape(-1), which may be a copy",
        "results cached by the address of an array",
    ),
    "Start with np.ascontiguousarray(dy) (or dy.contiguous()), or use the strides.",
    wrong,
    right,
)
