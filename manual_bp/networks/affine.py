"""The article's affine map (samples are columns) and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._sums import sum_of_columns
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs, matching_shapes


@signature("(o,i),(i,m),(o,1)->(o,m)")
def affine(
    W: FloatArray, X: FloatArray, B: FloatArray
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray, FloatArray]]]:
    """Affine map, Z = W @ X + B, with `W` (o, i), `X` (i, m), `B` (o, 1) and `Z` (o, m); columns are samples.

    Derivation. The differential is dW @ X + W @ dX + dB, the last one repeated over the m columns. The cost
    changes by the sum of all entries of dZ times it. Read off what multiplies each entry of each input:

    - W[o, i] meets X[i, m] in every sample m:  dW = dZ @ X.T
    - X[i, m] meets W[o, i] in every output o:  dX = W.T @ dZ
    - B[o] reaches every sample m unscaled:     dB = sum of dZ over the samples, kept as a column

    The closure keeps `W` and `X`, because each is the slope of the other; `B` is not needed.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit; the vjp raises ValueError when `dZ` is not shaped like `Z`.

    >>> import numpy as np
    >>> W, X, B = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([[0.5]])
    >>> Z, vjp = affine(W, X, B)
    >>> Z
    array([[13.5, 16.5]])
    >>> dW, dX, dB = vjp(np.array([[1.0, -2.0]]))
    >>> dW
    array([[-5., -7.]])
    >>> dX
    array([[ 1., -2.],
           [ 2., -4.]])
    >>> dB
    array([[-1.]])
    """
    W, X, B = float_inputs(affine, W, X, B)
    matching_shapes(affine, W, X, B)
    Z = W @ X
    Z += B
    shape = Z.shape

    def affine_vjp(dZ: Cotangent) -> tuple[FloatArray, FloatArray, FloatArray]:
        dZ = cotangent(affine, dZ, shape, W.dtype)
        dW = dZ @ X.T
        dX = W.T @ dZ
        dB = sum_of_columns(dZ)
        return dW, dX, dB

    return Z, affine_vjp
