"""A linear layer in PyTorch's layout (samples are rows) and its backward pass."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays, matching_shapes


@signature("(n,i),(o,i),(o)->(n,o)")
def linear(
    x: FloatArray, weight: FloatArray, bias: FloatArray
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray, FloatArray]]]:
    """Linear layer, y = x @ weight.T + bias, with `x` (n, i), `weight` (o, i), `bias` (o,) and `y` (n, o).

    Derivation. Entry by entry y[n, o] = sum over i of x[n, i] weight[o, i], plus bias[o]. The cost changes
    by the sum over n and o of dy[n, o] times the change of y[n, o]. Collect what multiplies each input:

    - a change of x[n, i] meets weight[o, i] in every output o:  dx = dy @ weight
    - a change of weight[o, i] meets x[n, i] in every sample n:  dweight = dy.T @ x
    - a change of bias[o] reaches every sample n unscaled:       dbias = sum of dy over the samples

    The closure keeps `x` and `weight`, because each is the slope of the other; `bias` is not needed.

    Raises TypeError when an input is not an array or the dtypes differ, and ValueError when the shapes do
    not fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, weight, bias = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, -0.5])
    >>> y, vjp = linear(x, weight, bias)
    >>> y
    array([[11.5, 16.5]])
    >>> dx, dweight, dbias = vjp(np.array([[1.0, -1.0]]))
    >>> dx
    array([[-2., -2.]])
    >>> dweight
    array([[ 1.,  2.],
           [-1., -2.]])
    >>> dbias
    array([ 1., -1.])
    """
    x, weight, bias = float_arrays(linear, x=x, weight=weight, bias=bias)
    matching_shapes(linear, x=x, weight=weight, bias=bias)
    y = x @ weight.T + bias
    shape = y.shape

    def linear_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray, FloatArray]:
        dy = cotangent(linear, dy, shape, x.dtype)
        dx = dy @ weight
        dweight = dy.T @ x
        dbias = dy.sum(axis=0)
        return dx, dweight, dbias

    return y, linear_vjp
