"""The sign and the logarithm of a determinant, and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ._matrices import square_matrices, transposed


@signature("(n,n)->(),()")
def slogdet(
    A: FloatArray,
) -> tuple[tuple[FloatArray, FloatArray], Callable[[tuple[Cotangent, Cotangent]], tuple[FloatArray]]]:
    """The sign of det A and the logarithm of |det A|, of a matrix (n, n) or of each of a stack (..., n, n).

    Derivation. The slope of a determinant is det(A) A^-T, so that of its logarithm is A^-T; the sign does not
    move. So the gradient with respect to A is dlogabsdet * A^-T, and the cotangent of the sign does not matter.
    Where A is singular the logarithm is -inf and the gradient is NaN.

    The closure keeps A.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no square
    matrices; the vjp raises ValueError when its cotangent is not shaped like the value.

    >>> import numpy as np
    >>> (sign, logabsdet), vjp = slogdet(np.array([[-2.0, 0.0], [0.0, 4.0]]))
    >>> sign, logabsdet.round(4)
    (array(-1.), np.float64(2.0794))
    >>> vjp((0.0, 1.0))
    (array([[-0.5 ,  0.  ],
           [-0.  ,  0.25]]),)
    """
    A = square_matrices(slogdet, A)
    sign, logabsdet = map(np.asarray, np.linalg.slogdet(A))
    shape, dtype = logabsdet.shape, logabsdet.dtype

    def slogdet_vjp(dy: tuple[Cotangent, Cotangent]) -> tuple[FloatArray]:
        if not isinstance(dy, tuple | list) or len(dy) != 2:
            raise TypeError("slogdet: the cotangent must be a pair, that of the sign and that of the logarithm")
        cotangent(slogdet, dy[0], sign.shape, sign.dtype)
        dlogabsdet = cotangent(slogdet, dy[1], shape, dtype)
        regular = sign != 0.0
        inverse = np.full_like(A, np.nan)
        inverse[regular] = np.linalg.inv(A[regular])
        return (dlogabsdet[..., None, None] * transposed(inverse),)

    return (sign, logabsdet), slogdet_vjp
