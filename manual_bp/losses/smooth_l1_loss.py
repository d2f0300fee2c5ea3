"""The smooth absolute error and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import broadcast_inputs, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent, finite_number
from ._reduction import check_reduction, of_each_loss, reduced


@signature("(m,n),(m,n)->()")
def smooth_l1_loss(
    x: FloatArray, target: FloatArray, *, reduction: str = "mean", beta: float = 1.0
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Smooth absolute error, z**2 / (2 beta) where |z| < beta and |z| - beta / 2 elsewhere, with z = x - target.

    Both are c (z - beta c / 2) with c = min(max(z / beta, -1), 1); for beta = 0, c is the sign of z.

    The shapes of `x` and `target` broadcast against each other. With `reduction` "mean" or "sum" the cost is a
    scalar; with "none" it is the array of losses.

    Derivation. The first has the slope z / beta, the second sign(z): both are c. So the gradient with respect
    to x is dJ * c, and the one with respect to target its negative. For beta = 0 there is a kink at z = 0,
    where 0 is returned, as by PyTorch. For a mean, dJ is first divided by the number of losses; an input that
    was repeated gathers the gradients of its copies.

    The closure keeps c, the difference over beta cut off at both ends.

    Raises TypeError when an input is not a floating array or the dtypes differ or `beta` not a number, and
    ValueError when the shapes do not broadcast, a mean has no entry, or an option is out of its range; the vjp
    raises ValueError when `dJ` is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = smooth_l1_loss(np.array([0.5, 2.0]), np.array([0.0, 4.0]))
    >>> J
    np.float64(0.8125)
    >>> dx, dtarget = vjp(1.0)
    >>> dx
    array([ 0.25, -0.5 ])
    >>> dtarget
    array([-0.25,  0.5 ])
    """
    x, target, together = broadcast_inputs(smooth_l1_loss, x, target)
    check_reduction(smooth_l1_loss, reduction, together)
    beta = finite_number(smooth_l1_loss, "beta", beta)
    if beta < 0:
        raise ValueError(f"smooth_l1_loss: beta must be at least 0, but it is {beta}")
    difference = np.asarray(x - target)
    c = np.clip(difference / beta, -1.0, 1.0) if beta > 0 else np.sign(difference)
    J = reduced(c * (difference - 0.5 * beta * c), reduction)
    shape = np.shape(J)
    x_shape, target_shape, count, dtype = x.shape, target.shape, difference.size, x.dtype

    def smooth_l1_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(smooth_l1_loss, dJ, shape, dtype)
        dx = of_each_loss(dJ, reduction, count) * c
        return summed_to(dx, x_shape), summed_to(-dx, target_shape)

    return J, smooth_l1_loss_vjp
