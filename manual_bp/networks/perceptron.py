"""The article's one-layer network with its cost, and the whole chain backwards."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from .._scalars import scalar
from .._signature import signature
from .._sums import sum_of_columns, sum_of_squares
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import at_least_one_sample, cotangent, float_inputs, matching_shapes
from ..activations.sigmoid import logistic_into

FourGradients: TypeAlias = tuple[FloatArray, FloatArray, FloatArray | None, FloatArray | None]


@signature("(o,i),(o,1),(i,m),(o,m)->()")
def perceptron(
    W: FloatArray, B: FloatArray, X: FloatArray, Y: FloatArray, *, data_gradients: bool = True
) -> tuple[FloatScalar, Callable[[Cotangent], FourGradients]]:
    """Perceptron with its cost: Z = W @ X + B, A = sigmoid(Z), J = 1/M * sum (A - Y)**2.

    Shapes: `W` (o, i), `B` (o, 1), `X` (i, m), `Y` (o, m); each of the M = m columns is a sample.

    Derivation, one link at a time, J -> A -> Z -> (W, B, X):

    - J = 1/M sum (A - Y)**2 changes by 2/M sum (A - Y) (change of A):  dA = dJ * 2/M * (A - Y)
    - Y enters with the opposite sign:                                  dY = -dA
    - A = sigmoid(Z) has the slope A (1 - A), entry by entry:           dZ = dA * A * (1 - A)
    - in Z = W @ X + B, W[o, i] meets X[i, m] in every sample m:        dW = dZ @ X.T
    - B[o] reaches every sample m unscaled:                             dB = sum of dZ over the samples
    - X[i, m] meets W[o, i] in every output o:                          dX = W.T @ dZ

    The closure keeps `W`, `X`, `Y` and A, but not Z: the slope of the sigmoid is a function of its output.

    With `data_gradients=False` those of `X` and `Y` are None, and the product that dX takes is saved: a step of
    training, to which they are data, has no use for them.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit or there is no sample; the vjp raises ValueError when `dJ` is not a scalar.

    >>> import numpy as np
    >>> W, B = np.array([[0.0, 0.0]]), np.array([[0.0]])
    >>> X, Y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 1.0]])
    >>> J, vjp = perceptron(W, B, X, Y)
    >>> J
    np.float64(0.25)
    >>> dW, dB, dX, dY = vjp(1.0)
    >>> dW
    array([[-0.125, -0.125]])
    >>> dB
    array([[0.]])
    """
    W, B, X, Y = float_inputs(perceptron, W, B, X, Y)
    matching_shapes(perceptron, W, B, X, Y)
    at_least_one_sample(perceptron, "X", X, axis=1)
    M = X.shape[1]

    with np.errstate(over="ignore"):
        Z = W.dot(X)
        Z += B
        A = logistic_into(Z, Z)
    J: FloatScalar = sum_of_squares(A - Y) / M

    def perceptron_vjp(dJ: Cotangent) -> FourGradients:
        dJ = cotangent(perceptron, dJ, (), A.dtype)

        dA = A - Y
        dA *= np.asarray(dJ * scalar(2 / M, A.dtype))
        dY = -dA if data_gradients else None

        dZ = dA
        dZ *= A
        dZ *= scalar(1.0, A.dtype) - A
        dW = dZ.dot(X.T)
        dB = sum_of_columns(dZ)
        dX = W.T.dot(dZ) if data_gradients else None

        return dW, dB, dX, dY

    return J, perceptron_vjp
