"""The article's two-layer network with its cost, and the whole chain backwards."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from .._scalars import scalar
from .._signature import signature
from .._sums import sum_of_columns, sum_of_squares
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import at_least_one_sample, cotangent, float_inputs, matching_shapes
from ..activations.sigmoid import logistic_into

SixGradients: TypeAlias = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray | None, FloatArray | None]


@signature("(h,i),(h,1),(o,h),(o,1),(i,m),(o,m)->()")
def two_layer(
    W1: FloatArray,
    B1: FloatArray,
    W2: FloatArray,
    B2: FloatArray,
    X: FloatArray,
    Y: FloatArray,
    *,
    data_gradients: bool = True,
) -> tuple[FloatScalar, Callable[[Cotangent], SixGradients]]:
    """Two-layer network with its cost.

    Z1 = W1 @ X + B1,  A1 = sigmoid(Z1),  Z2 = W2 @ A1 + B2,  A2 = sigmoid(Z2),  J = 1/M * sum (A2 - Y)**2.

    Shapes: `W1` (h, i), `B1` (h, 1), `W2` (o, h), `B2` (o, 1), `X` (i, m), `Y` (o, m); each of the M = m
    columns is a sample.

    Derivation, one link of the chain rule at a time, J -> A2 -> Z2 -> (W2, B2, A1) -> Z1 -> (W1, B1, X).
    Each line names what an entry meets on its way to the cost; the gradient is the product, summed over all
    the ways.

    - J = 1/M sum (A2 - Y)**2 changes by 2/M sum (A2 - Y) (change of A2):  dA2 = dJ * 2/M * (A2 - Y)
    - Y enters with the opposite sign:                                     dY  = -dA2
    - A2 = sigmoid(Z2) has the slope A2 (1 - A2), entry by entry:          dZ2 = dA2 * A2 * (1 - A2)
    - in Z2 = W2 @ A1 + B2, W2[o, h] meets A1[h, m] in every sample m:     dW2 = dZ2 @ A1.T
    - B2[o] reaches every sample m unscaled:                               dB2 = sum of dZ2 over the samples
    - A1[h, m] meets W2[o, h] in every output o:                           dA1 = W2.T @ dZ2
    - A1 = sigmoid(Z1) has the slope A1 (1 - A1), entry by entry:          dZ1 = dA1 * A1 * (1 - A1)
    - in Z1 = W1 @ X + B1, W1[h, i] meets X[i, m] in every sample m:       dW1 = dZ1 @ X.T
    - B1[h] reaches every sample m unscaled:                               dB1 = sum of dZ1 over the samples
    - X[i, m] meets W1[h, i] in every hidden unit h:                       dX  = W1.T @ dZ1

    W2.T enters at dA1 and not at dZ2: between A2 and Z2 stands the sigmoid alone, which is entry by entry,
    and W2 is first met on the way from Z2 to A1.

    The closure keeps `W1`, `W2`, `X`, `Y`, A1 and A2, but neither Z1 nor Z2: the slope of the sigmoid is a
    function of its output. A product is written over its first factor where nobody else sees that one, because a pass
    over fresh memory takes longer than the arithmetic.

    With `data_gradients=False` those of `X` and `Y` are None, and the product that dX takes is saved: a step of
    training, to which they are data, has no use for them.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit or there is no sample; the vjp raises ValueError when `dJ` is not a scalar.

    >>> import numpy as np
    >>> W1, B1 = np.array([[0.0], [0.0]]), np.array([[0.0], [0.0]])
    >>> W2, B2 = np.array([[1.0, -1.0]]), np.array([[0.0]])
    >>> X, Y = np.array([[1.0, 3.0]]), np.array([[0.0, 1.0]])
    >>> J, vjp = two_layer(W1, B1, W2, B2, X, Y)
    >>> J
    np.float64(0.25)
    >>> dW1, dB1, dW2, dB2, dX, dY = vjp(1.0)
    >>> dW1
    array([[-0.0625],
           [ 0.0625]])
    >>> dY
    array([[-0.5,  0.5]])
    """
    W1, B1, W2, B2, X, Y = float_inputs(two_layer, W1, B1, W2, B2, X, Y)
    matching_shapes(two_layer, W1, B1, W2, B2, X, Y)
    at_least_one_sample(two_layer, "X", X, axis=1)
    M = X.shape[1]

    with np.errstate(over="ignore"):
        Z1 = W1.dot(X)
        Z1 += B1
        A1 = logistic_into(Z1, Z1)
        Z2 = W2.dot(A1)
        Z2 += B2
        A2 = logistic_into(Z2, Z2)
    J: FloatScalar = sum_of_squares(A2 - Y) / M

    def two_layer_vjp(dJ: Cotangent) -> SixGradients:
        dJ = cotangent(two_layer, dJ, (), A2.dtype)
        one = scalar(1.0, A2.dtype)

        dA2 = A2 - Y
        dA2 *= np.asarray(dJ * scalar(2 / M, A2.dtype))
        dY = -dA2 if data_gradients else None

        dZ2 = dA2
        dZ2 *= A2
        dZ2 *= one - A2
        dW2 = dZ2.dot(A1.T)
        dB2 = sum_of_columns(dZ2)
        dA1 = W2.T.dot(dZ2)

        dZ1 = dA1
        dZ1 *= A1
        dZ1 *= one - A1
        dW1 = dZ1.dot(X.T)
        dB1 = sum_of_columns(dZ1)
        dX = W1.T.dot(dZ1) if data_gradients else None

        return dW1, dB1, dW2, dB2, dX, dY

    return J, two_layer_vjp
