"""The absolute error and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import broadcast_inputs, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent
from ._reduction import check_reduction, of_each_loss, reduced


@signature("(m,n),(m,n)->()")
def l1_loss(
    x: FloatArray, target: FloatArray, *, reduction: str = "mean"
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Absolute error, |x - target| for each entry, and their mean.

    The shapes of `x` and `target` broadcast against each other. With `reduction` "mean" or "sum" the cost is a
    scalar; with "none" it is the array of losses.

    Derivation. The differential of one loss is sign(x - target) (dx - dtarget). So the gradient with respect to
    x is dJ * sign(x - target), and the one with respect to target its negative. Where the two are equal, every
    number from -1 to 1 is a subgradient; 0 is returned, as by PyTorch. For a mean, dJ is first divided by the
    number of losses; an input that was repeated gathers the gradients of its copies.

    The closure keeps x - target, whose signs are the slopes.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast, a mean has no entry, or an option is out of its range; the vjp raises ValueError when `dJ`
    is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = l1_loss(np.array([1.0, 2.0]), np.array([0.0, 4.0]))
    >>> J
    np.float64(1.5)
    >>> dx, dtarget = vjp(1.0)
    >>> dx
    array([ 0.5, -0.5])
    >>> dtarget
    array([-0.5,  0.5])
    """
    x, target, together = broadcast_inputs(l1_loss, x, target)
    check_reduction(l1_loss, reduction, together)
    difference = np.asarray(x - target)
    J = reduced(np.abs(difference), reduction)
    shape = np.shape(J)
    x_shape, target_shape, dtype = x.shape, target.shape, x.dtype

    def l1_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(l1_loss, dJ, shape, dtype)
        dx = of_each_loss(dJ, reduction, difference.size) * np.sign(difference)
        return summed_to(dx, x_shape), summed_to(-dx, target_shape)

    return J, l1_loss_vjp
