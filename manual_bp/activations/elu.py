"""The exponential linear unit and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, finite_number, float_array


@signature("(m,n)->(m,n)")
def elu(x: FloatArray, *, alpha: float = 1.0) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Exponential linear unit, y = x where x > 0 and alpha (exp(x) - 1) elsewhere, for `x` of any shape.

    Derivation. Where x > 0 the differential is dx, elsewhere alpha exp(x) dx; hence the gradient with respect
    to x is dy where x > 0 and dy * alpha * exp(x) elsewhere. At 0 the two agree for alpha = 1 only; for other
    alphas x = 0 is a kink, where alpha is returned, as by PyTorch.

    The closure keeps `x` and not `y`: the slope y + alpha has lost its digits where exp(x) is small.

    Raises TypeError when `x` is not a floating array or `alpha` not a number, and ValueError when `alpha` is
    not finite; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = elu(np.array([-1.0, 0.0, 2.0]))
    >>> y.round(4)
    array([-0.6321,  0.    ,  2.    ])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([ 0.3679,  1.    , -2.    ])
    """
    x = float_array(elu, x)
    alpha = finite_number(elu, "alpha", alpha)
    y = np.asarray(np.maximum(x, 0.0) + alpha * np.expm1(np.minimum(x, 0.0)))

    def elu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(elu, dy, x.shape, x.dtype)
        positive = x > 0
        slope = alpha * np.exp(np.minimum(x, 0.0)) * ~positive + positive
        return (np.asarray(dy * slope),)

    return y, elu_vjp
