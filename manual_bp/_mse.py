"""The article's cost, the squared error per sample, and its backward pass."""

from collections.abc import Callable

from ._scalars import scalar
from ._signature import signature
from ._sums import sum_of_squares
from ._typing import Cotangent, FloatArray, FloatScalar
from ._validation import at_least_one_sample, cotangent, float_inputs, matching_shapes


@signature("(f,m),(f,m)->()")
def mse(A: FloatArray, Y: FloatArray) -> tuple[FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Mean squared error, J = 1/M * sum (A - Y)**2, with `A` and `Y` (f, m); the M = m columns are samples.

    The mean is over samples, not over entries: with f features J is f times the mean over all entries.

    Derivation. The differential is 2/M * sum of (A - Y) * (dA - dY). Read off: the gradient with respect to
    A is dJ * 2/M * (A - Y), and the one with respect to Y is its negative.

    The closure keeps A - Y alone: both gradients are multiples of it.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit or there is no sample; the vjp raises ValueError when `dJ` is not a scalar.

    >>> import numpy as np
    >>> J, vjp = mse(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))
    >>> J
    np.float64(2.5)
    >>> dA, dY = vjp(1.0)
    >>> dA
    array([[ 1., -2.]])
    >>> dY
    array([[-1.,  2.]])
    """
    A, Y = float_inputs(mse, A, Y)
    matching_shapes(mse, A, Y)
    at_least_one_sample(mse, "A", A, axis=1)
    M = A.shape[1]
    difference = A - Y
    J: FloatScalar = sum_of_squares(difference) / M

    def mse_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(mse, dJ, (), difference.dtype)
        dA = dJ * scalar(2 / M, difference.dtype) * difference
        dY = -dA
        return dA, dY

    return J, mse_vjp
