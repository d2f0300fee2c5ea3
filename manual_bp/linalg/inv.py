"""The inverse of a matrix and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ._matrices import square_matrices, transposed


@signature("(n,n)->(n,n)")
def inv(A: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Inverse, Y = A^-1, of a matrix (n, n) or of each of a stack (..., n, n).

    Derivation. The differential of Y A = 1 is dY A + Y dA = 0, so Y changes by -Y dA Y. The cost changes by the
    sum of all entries of dY times that; what multiplies dA[i, j] is the entry of -Y.T dY Y.T at [i, j].

    The closure keeps Y alone: the slope is a function of the output.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no square
    matrices or one is singular; the vjp raises ValueError when its cotangent is not shaped like the value.

    >>> import numpy as np
    >>> Y, vjp = inv(np.array([[2.0, 0.0], [0.0, 4.0]]))
    >>> Y
    array([[0.5 , 0.  ],
           [0.  , 0.25]])
    >>> vjp(np.ones((2, 2)))
    (array([[-0.25  , -0.125 ],
           [-0.125 , -0.0625]]),)
    """
    A = square_matrices(inv, A)
    try:
        Y = np.linalg.inv(A)
    except np.linalg.LinAlgError:
        raise ValueError("inv: A is singular, so it has no inverse") from None

    def inv_vjp(dY: Cotangent) -> tuple[FloatArray]:
        dY = cotangent(inv, dY, Y.shape, Y.dtype)
        return (-transposed(Y) @ dY @ transposed(Y),)

    return Y, inv_vjp
