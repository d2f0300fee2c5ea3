"""The Huber loss and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import broadcast_inputs, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent, positive_number
from ._reduction import check_reduction, of_each_loss, reduced


@signature("(m,n),(m,n)->()")
def huber_loss(
    x: FloatArray, target: FloatArray, *, reduction: str = "mean", delta: float = 1.0
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Huber loss, z**2 / 2 where |z| <= delta and delta (|z| - delta / 2) elsewhere, with z = x - target.

    Both are c (z - c / 2) with c = min(max(z, -delta), delta).

    The shapes of `x` and `target` broadcast against each other. With `reduction` "mean" or "sum" the cost is a
    scalar; with "none" it is the array of losses.

    Derivation. The first has the slope z, the second delta * sign(z): both are c. So the gradient with respect
    to x is dJ * c, and the one with respect to target its negative. For a mean, dJ is first divided by the
    number of losses; an input that was repeated gathers the gradients of its copies.

    The closure keeps c, the difference cut off at both ends.

    Raises TypeError when an input is not a floating array or the dtypes differ or `delta` not a number, and
    ValueError when the shapes do not broadcast, a mean has no entry, or an option is out of its range; the vjp
    raises ValueError when `dJ` is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = huber_loss(np.array([0.5, 2.0]), np.array([0.0, 4.0]))
    >>> J
    np.float64(0.8125)
    >>> dx, dtarget = vjp(1.0)
    >>> dx
    array([ 0.25, -0.5 ])
    >>> dtarget
    array([-0.25,  0.5 ])
    """
    x, target, together = broadcast_inputs(huber_loss, x, target)
    check_reduction(huber_loss, reduction, together)
    delta = positive_number(huber_loss, "delta", delta)
    difference = np.asarray(x - target)
    c = np.clip(difference, -delta, delta)
    J = reduced(c * (difference - 0.5 * c), reduction)
    shape = np.shape(J)
    x_shape, target_shape, count, dtype = x.shape, target.shape, difference.size, x.dtype

    def huber_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(huber_loss, dJ, shape, dtype)
        dx = of_each_loss(dJ, reduction, count) * c
        return summed_to(dx, x_shape), summed_to(-dx, target_shape)

    return J, huber_loss_vjp
