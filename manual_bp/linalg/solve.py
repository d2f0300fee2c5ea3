"""Linear equations and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, float_inputs
from ._matrices import square_matrices, transposed


@signature("(n,n),(n,k)->(n,k)")
def solve(
    A: FloatArray, B: FloatArray, *, left: bool = True
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """The X of A X = B, or of X A = B where `left` is False, for `A` (..., n, n).

    `B` is (..., n, k), or (..., k, n) where `left` is False, and the axes in front broadcast. As in PyTorch, B
    is a vector where it has one axis, or the shape of A without its last one; X then is one too.

    Derivation. The differential of A X = B is dA X + A dX = dB, so X changes by A^-1 (dB - dA X). With G = A^-T
    dX, for which a system is solved again, the cost changes by the sum of all entries of G times dB - dA X.
    Read off: the gradient with respect to B is G, and the one with respect to A is -G X.T. X A = B is the same
    transposed. A matrix that was repeated gathers the gradients of its copies.

    The closure keeps A and X; B is not needed.

    Raises TypeError when an input is not an array of float32 or float64 or the dtypes differ, and ValueError
    when the shapes do not fit or a matrix is singular; the vjp raises ValueError when `dX` is not shaped like
    `X`.

    >>> import numpy as np
    >>> X, vjp = solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 4.0]))
    >>> X
    array([1., 1.])
    >>> dA, dB = vjp(np.array([1.0, 2.0]))
    >>> dA
    array([[-0.5, -0.5],
           [-0.5, -0.5]])
    >>> dB
    array([0.5, 0.5])
    """
    A, B = float_inputs(solve, A, B)
    A = square_matrices(solve, A)
    boolean(solve, "left", left)
    vector = B.ndim == 1 or B.shape == A.shape[:-1]
    if vector and not left:
        raise ValueError(f"solve: where left is False B must hold matrices, but its shape is {B.shape}")
    columns = B[..., None] if vector else B
    if columns.shape[-2 if left else -1] != A.shape[-1]:
        raise ValueError(
            f"solve: A is {A.shape}, so B must have {A.shape[-1]} {'rows' if left else 'columns'}; it is {B.shape}"
        )
    try:
        stack = np.broadcast_shapes(A.shape[:-2], columns.shape[:-2])
    except ValueError:
        raise ValueError(f"solve: the axes in front do not broadcast: A is {A.shape}, B is {B.shape}") from None
    try:
        X = np.linalg.solve(A, columns) if left else transposed(np.linalg.solve(transposed(A), transposed(columns)))
    except np.linalg.LinAlgError:
        raise ValueError("solve: A is singular, so it has no solution or many") from None
    answer = X[..., 0] if vector else X
    assert X.shape[:-2] == stack
    shape, dtype = answer.shape, answer.dtype

    def solve_vjp(dX: Cotangent) -> tuple[FloatArray, FloatArray]:
        dX = cotangent(solve, dX, shape, dtype)
        if vector:
            dX = dX[..., None]
        if left:
            G = np.linalg.solve(transposed(A), dX)
            dA = -G @ transposed(X)
        else:
            G = transposed(np.linalg.solve(A, transposed(dX)))
            dA = -transposed(X) @ G
        return summed_to(dA, A.shape), summed_to(G, columns.shape).reshape(B.shape)

    return answer, solve_vjp
