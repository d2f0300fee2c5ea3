"""The squared error, entry by entry, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import broadcast_inputs, summed_to
from .._scalars import scalar
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent
from ._reduction import check_reduction, reduced_squares


@signature("(m,n),(m,n)->()")
def mse_loss(
    x: FloatArray, target: FloatArray, *, reduction: str = "mean"
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Squared error, (x - target)**2 for each entry, and their mean.

    The shapes of `x` and `target` broadcast against each other. With `reduction` "mean" or "sum" the cost is a
    scalar; with "none" it is the array of losses.

    Derivation. The differential of one loss is 2 (x - target) (dx - dtarget). So the gradient with respect to x
    is dJ * 2 (x - target), and the one with respect to target its negative. For a mean, dJ is first divided by
    the number of losses; an input that was repeated gathers the gradients of its copies.

    The closure keeps x - target.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast, a mean has no entry, or an option is out of its range; the vjp raises ValueError when `dJ`
    is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = mse_loss(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> J
    np.float64(2.5)
    >>> dx, dtarget = vjp(1.0)
    >>> dx
    array([ 1., -2.])
    >>> dtarget
    array([-1.,  2.])
    """
    x, target, together = broadcast_inputs(mse_loss, x, target)
    check_reduction(mse_loss, reduction, together)
    difference = np.asarray(x - target)
    J = reduced_squares(difference, reduction)
    shape = difference.shape if reduction == "none" else ()
    losses = difference.size if reduction == "mean" else 1
    x_shape, target_shape, dtype = x.shape, target.shape, x.dtype

    def mse_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(mse_loss, dJ, shape, dtype)
        dx = np.asarray(dJ / scalar(losses / 2, dtype)) * difference  # dJ * 2 (x - target), over their number
        return summed_to(dx, x_shape), summed_to(-dx, target_shape)

    return J, mse_loss_vjp
