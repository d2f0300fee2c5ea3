"""The Cholesky factor and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent
from ._matrices import lower_half, square_matrices, symmetric, transposed


@signature("(n,n)->(n,n)")
def cholesky(A: FloatArray, *, upper: bool = False) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The lower triangular L with L L.T = A and a positive diagonal, of a positive definite `A` (..., n, n).

    With `upper` the value is L.T. Of A the lower triangle alone is read; A is to be symmetric, and the gradient
    is.

    Derivation. The differential is dL L.T + L dL.T = dA. Multiplied by L^-1 on the left and L^-T on the right,
    it says that K = L^-1 dL, which is lower triangular, and its transpose add up to S = L^-1 dA L^-T; so K is
    the lower half of S, diagonal halved, and L changes by L lower_half(S). The cost changes by the sum of all
    entries of dL times that, which is the sum of lower_half(L.T dL) times S; what multiplies dA is L^-T
    lower_half(L.T dL) L^-1, of which the symmetric part is returned, as by PyTorch.

    The closure keeps L alone: the slope is a function of the output.

    Source: Murray, Differentiation of the Cholesky decomposition, 2016.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no square
    matrices or one is not positive definite; the vjp raises ValueError when its cotangent is not shaped like
    the value.

    >>> import numpy as np
    >>> L, vjp = cholesky(np.array([[4.0, 2.0], [2.0, 5.0]]))
    >>> L
    array([[2., 0.],
           [1., 2.]])
    >>> vjp(np.ones((2, 2)))
    (array([[0.1875, 0.125 ],
           [0.125 , 0.25  ]]),)
    """
    A = square_matrices(cholesky, A)
    boolean(cholesky, "upper", upper)
    try:
        L = np.linalg.cholesky(A)
    except np.linalg.LinAlgError:
        raise ValueError("cholesky: A must hold positive definite matrices, and one is not") from None
    y = transposed(L).copy() if upper else L
    shape, dtype = y.shape, y.dtype

    def cholesky_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(cholesky, dy, shape, dtype)
        dL = transposed(dy) if upper else dy
        P = lower_half(transposed(L) @ dL)
        # L^-T P L^-1 by two systems of equations
        dA = transposed(np.linalg.solve(transposed(L), transposed(np.linalg.solve(transposed(L), P))))
        return (symmetric(dA),)

    return y, cholesky_vjp
