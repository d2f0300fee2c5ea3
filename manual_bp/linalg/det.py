"""The determinant and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ._matrices import square_matrices, transposed

SINGULAR_IN_ROUNDINGS = 0.5  # power of the rounding: from this condition on, an inverse has lost half of its digits


@signature("(n,n)->()")
def det(A: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Determinant, y = det A, of a matrix (n, n) or of each of a stack (..., n, n).

    Derivation. Expanded along row i, y is the sum over j of A[i, j] C[i, j], where the cofactor C[i, j] holds
    nothing of row i. So the slope in A[i, j] is C[i, j], and the gradient with respect to A is dy C. By
    Cramer's rule C = y A^-T. Where A is singular, or so nearly that its inverse has lost its digits, C exists
    all the same: with the singular value decomposition A = U diag(s) V.T, C = det(U) det(V) U diag(c) V.T, c[k]
    the product of all s but s[k].

    The closure keeps A and y.

    Source of the singular case: Giles, An extended collection of matrix derivative results, 2008, has C = y
    A^-T; the rest follows from the cofactors of a product being the product of the cofactors.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no square
    matrices; the vjp raises ValueError when its cotangent is not shaped like the value.

    >>> import numpy as np
    >>> y, vjp = det(np.array([[1.0, 2.0], [2.0, 4.0]]))
    >>> y
    array(0.)
    >>> vjp(1.0)[0].round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    A = square_matrices(det, A)
    y = np.asarray(np.linalg.det(A))

    def det_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(det, dy, y.shape, y.dtype)
        return (dy[..., None, None] * _cofactors(A, y),)

    return y, det_vjp


def _cofactors(A: FloatArray, y: FloatArray) -> FloatArray:
    """The cofactors of each matrix: by its inverse where that has its digits, else by its singular values."""
    if A.shape[-1] == 0:
        return np.zeros_like(A)
    try:
        inverse = np.linalg.inv(A)
    except np.linalg.LinAlgError:  # some matrix of the stack
        return _by_singular_values(A)
    condition = np.linalg.norm(A, axis=(-2, -1)) * np.linalg.norm(inverse, axis=(-2, -1))
    lost = ~(condition * np.finfo(A.dtype).eps ** SINGULAR_IN_ROUNDINGS < 1.0)  # NaN is lost too
    C: FloatArray = y[..., None, None] * transposed(inverse)
    if lost.any():
        C[lost] = _by_singular_values(A[lost])
    return C


def _by_singular_values(A: FloatArray) -> FloatArray:
    U, s, Vh = np.linalg.svd(A)
    others = np.stack([np.delete(s, k, axis=-1).prod(axis=-1) for k in range(s.shape[-1])], axis=-1)
    sign = np.linalg.det(U) * np.linalg.det(Vh)
    found: FloatArray = sign[..., None, None] * ((U * others[..., None, :]) @ Vh)
    return found
