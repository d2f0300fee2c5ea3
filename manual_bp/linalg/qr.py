"""The QR decomposition and its backward pass."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ._matrices import matrices, transposed

Pair: TypeAlias = tuple[FloatArray, FloatArray]


@signature("(m,n)->(_,_),(_,_)")
def qr(A: FloatArray) -> tuple[Pair, Callable[[tuple[Cotangent, Cotangent]], tuple[FloatArray]]]:
    """Q with orthonormal columns and the upper triangular R with Q R = A, of `A` (..., m, n).

    With k the smaller of m and n, Q is (..., m, k) and R is (..., k, n): PyTorch's mode "reduced". Its mode
    "complete" has columns that A does not determine, which have no gradient.

    Derivation for m >= n. In dA = dQ R + Q dR let dQ = Q W + D, with W antisymmetric since Q.T Q = 1, and D
    orthogonal to Q. Multiplied by R^-1, Q.T dA R^-1 = W + dR R^-1, whose second part is upper triangular: W is
    antisymmetric with the lower triangle of Q.T dA R^-1, which determines all. Collecting what multiplies dA,
    the gradient is (dQ + Q C) R^-T, where C is M = R dR.T - dQ.T Q with its lower triangle mirrored upwards.

    For m < n let A = [X Y] with X square: Q U = X, and R = [U Q.T Y]. With dR = [dU dV], the gradient with
    respect to Y is Q dV, and the one with respect to Q grows by Y dV.T; X is the square case.

    The closure keeps A, Q and R.

    Source: Walter and Lehmann, Algorithmic differentiation of linear algebra functions, 2018; Roberts and
    Roberts, QR and LQ decomposition matrix backpropagation algorithms, 2020.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no matrices;
    the vjp raises ValueError when its cotangent is not shaped like the value. Where the first k columns are
    dependent the gradient does not exist, and comes out infinite or NaN.

    >>> import numpy as np
    >>> (Q, R), vjp = qr(np.array([[3.0], [4.0]]))
    >>> np.abs(Q.T), np.abs(R)
    (array([[0.6, 0.8]]), array([[5.]]))
    >>> (dA,) = vjp((np.zeros((2, 1)), np.sign(R)))  # the slope of |R|, which is the length of A
    >>> dA.T
    array([[0.6, 0.8]])
    """
    A = matrices(qr, A)
    Q, R = np.linalg.qr(A)
    k = Q.shape[-1]

    def qr_vjp(dy: tuple[Cotangent, Cotangent]) -> tuple[FloatArray]:
        if not isinstance(dy, tuple | list) or len(dy) != 2:
            raise TypeError("qr: the cotangent must be a pair, that of Q and that of R")
        dQ, dR = (cotangent(qr, part, whole.shape, whole.dtype) for part, whole in zip(dy, (Q, R), strict=True))
        Y, dV = A[..., k:], dR[..., k:]
        dX = _of_independent_columns(Q, R[..., :k], dQ + Y @ transposed(dV), dR[..., :k])
        return (np.concatenate((dX, Q @ dV), axis=-1),)

    return (Q, R), qr_vjp


def _of_independent_columns(Q: FloatArray, R: FloatArray, dQ: FloatArray, dR: FloatArray) -> FloatArray:
    """The gradient with respect to Q R, for a square R."""
    # dQ = Q N + what is orthogonal to Q, and in N + C the diagonal and the upper triangle of N cancel: left out here,
    # they cost no digits. What dR says below its diagonal moves nothing.
    N = transposed(Q) @ dQ
    P = R @ transposed(np.triu(dR))
    N_plus_C = np.tril(P) + transposed(np.tril(P, -1)) + np.tril(N - transposed(N), -1)
    B = Q @ N_plus_C
    B += dQ - Q @ N
    independent = np.linalg.slogdet(R).sign != 0.0
    found = np.full_like(B, np.nan)
    found[independent] = transposed(np.linalg.solve(R[independent], transposed(B[independent])))  # B R^-T
    return found
