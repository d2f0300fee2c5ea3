"""The logistic function and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._scalars import scalar
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array


@np.errstate(over="ignore")  # a decorator takes half as long as a with statement
def logistic(x: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)) entry by entry, in one new array; correct at both ends."""
    return logistic_into(np.empty_like(x), x)  # `out` keeps an array of shape () an array


def logistic_into(y: FloatArray, x: FloatArray) -> FloatArray:
    """The same into `y`, which may be `x` itself; the caller has NumPy ignore overflow.

    Where exp(-x) overflows, its reciprocal is 0, which is the value to rounding.
    """
    np.negative(x, y)
    np.exp(y, y)
    y += scalar(1.0, y.dtype)
    return np.reciprocal(y, y)


@np.errstate(over="ignore")
def sigmoid_over(z: FloatArray) -> tuple[FloatArray, Callable[[FloatArray], tuple[FloatArray]]]:
    """`sigmoid` written over `z`, its vjp over `dy`, without a look at them: for a network that made both itself."""
    y = logistic_into(z, z)

    def sigmoid_over_vjp(dy: FloatArray) -> tuple[FloatArray]:
        dy *= y
        dy *= scalar(1.0, y.dtype) - y
        return (dy,)

    return y, sigmoid_over_vjp


@signature("(m,n)->(m,n)")
def sigmoid(x: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Logistic sigmoid, y = 1 / (1 + exp(-x)), for `x` of any shape.

    Derivation. With q = exp(-x), y = 1 / (1 + q) and dq = -q dx, so the differential is q / (1 + q)**2 dx.
    Since q / (1 + q) = 1 - y, this is y (1 - y) dx. The cost changes by the sum of dy * y * (1 - y) * dx,
    hence the gradient with respect to x is dy * y * (1 - y), where y is the output and not the input.

    The closure keeps `y` alone: the slope is a function of the output.

    Raises TypeError when `x` is not a floating array; the vjp raises ValueError when `dy` is not shaped
    like `y`.

    >>> import numpy as np
    >>> y, vjp = sigmoid(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([0.2689, 0.5   , 0.7311])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.1966,  0.25  , -0.3932])
    """
    x = float_array(sigmoid, x)
    y = logistic(x)

    def sigmoid_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(sigmoid, dy, y.shape, y.dtype)
        dx = np.subtract(scalar(1.0, y.dtype), y, out=np.empty_like(y))  # in place: fresh memory takes longest
        dx *= y
        dx *= dy
        return (dx,)

    return y, sigmoid_vjp
