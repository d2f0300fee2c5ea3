"""Eigenvalues and eigenvectors of symmetric matrices, and their backward pass."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, one_of
from ._matrices import square_matrices, symmetric, transposed

Pair: TypeAlias = tuple[FloatArray, FloatArray]


@signature("(n,n)->(n),(n,n)")
def eigh(
    A: FloatArray, *, UPLO: Literal["L", "U"] = "L"
) -> tuple[Pair, Callable[[tuple[Cotangent, Cotangent]], tuple[FloatArray]]]:
    """Eigenvalues w, ascending, and orthonormal eigenvectors V, the columns, of a symmetric `A` (..., n, n).

    Of A the lower triangle alone is read, or the upper one with `UPLO="U"`; A is to be symmetric, and the
    gradient is. The sign of an eigenvector is nobody's choice: a cost must not depend on it.

    Derivation. With A V = V diag(w) and V.T V = 1, let dV = V W, W antisymmetric. Multiplied by V.T, the
    differential says V.T dA V = W diag(w) - diag(w) W + diag(dw). Its diagonal is dw, and elsewhere W[i, j] =
    (V.T dA V)[i, j] / (w[j] - w[i]). With M = V.T dV of the cost, what multiplies V.T dA V is diag(dw), and
    beside the diagonal the antisymmetric part of M over w[j] - w[i], which is symmetric; the gradient with
    respect to A is V times that times V.T. Where two eigenvalues are equal their eigenvectors are not
    determined: the gradient is infinite or NaN, unless the cost does not distinguish them.

    The closure keeps w and V alone: the slope is a function of the output.

    Source: Giles, An extended collection of matrix derivative results, 2008, section 3.1.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no square
    matrices; the vjp raises ValueError when its cotangent is not shaped like the value.

    >>> import numpy as np
    >>> (w, V), vjp = eigh(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> w
    array([1., 3.])
    >>> vjp((np.array([0.0, 1.0]), np.zeros((2, 2))))[0].round(12)  # of the larger one
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    A = square_matrices(eigh, A)
    one_of(eigh, "UPLO", UPLO, ("L", "U"))
    w, V = np.linalg.eigh(A, UPLO)

    def eigh_vjp(dy: tuple[Cotangent, Cotangent]) -> tuple[FloatArray]:
        if not isinstance(dy, tuple | list) or len(dy) != 2:
            raise TypeError("eigh: the cotangent must be a pair, that of w and that of V")
        dw, dV = (cotangent(eigh, part, whole.shape, whole.dtype) for part, whole in zip(dy, (w, V), strict=True))
        M = transposed(V) @ dV
        twist = 0.5 * (M - transposed(M))
        apart = w[..., None, :] - w[..., :, None]
        with np.errstate(divide="ignore"):
            inner = np.divide(twist, apart, out=np.zeros_like(twist), where=twist != 0.0)
        inner += dw[..., None] * np.eye(w.shape[-1], dtype=w.dtype)
        return (symmetric(V @ inner @ transposed(V)),)

    return (w, V), eigh_vjp
