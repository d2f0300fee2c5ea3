"""Singular values and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ._matrices import matrices


@signature("(m,n)->(_)")
def svdvals(A: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """The singular values of `A` (..., m, n), from the largest down, (..., k) with k the smaller of m and n.

    Derivation. In A = U diag(s) V.T let u and v be the columns that belong to one s = u.T A v. As u and v have
    length 1, their changes are orthogonal to them, and du.T A v = s du.T u = 0, u.T A dv = 0: s changes by u.T
    dA v. So the gradient with respect to A is U diag(ds) V.T. Where two values meet they cannot be told apart,
    and where one is 0 it has a kink; of the subgradients that of the u and v at hand is returned, as by
    PyTorch.

    The closure keeps U and V.

    Raises TypeError when `A` is not an array of float32 or float64, and ValueError when it holds no matrices;
    the vjp raises ValueError when its cotangent is not shaped like the value.

    >>> import numpy as np
    >>> s, vjp = svdvals(np.array([[3.0, 0.0], [0.0, -4.0]]))
    >>> s
    array([4., 3.])
    >>> np.abs(vjp(np.array([1.0, 10.0]))[0])
    array([[10.,  0.],
           [ 0.,  1.]])
    """
    A = matrices(svdvals, A)
    U, s, Vh = np.linalg.svd(A, full_matrices=False)
    shape, dtype = s.shape, s.dtype

    def svdvals_vjp(ds: Cotangent) -> tuple[FloatArray]:
        ds = cotangent(svdvals, ds, shape, dtype)
        return ((U * ds[..., None, :]) @ Vh,)

    return s, svdvals_vjp
