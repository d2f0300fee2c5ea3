"""The hinge loss of which of two numbers is larger, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import cotangent, finite_number, float_inputs
from ._reduction import check_reduction, of_each_loss, reduced
from ._targets import signs


@signature("(n),(n),(n)->()")
def margin_ranking_loss(
    x1: FloatArray, x2: FloatArray, target: IntegerArray, *, margin: float = 0.0, reduction: str = "mean"
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray, None]]]:
    """Hinge loss of rankings, max(0, margin - target (x1 - x2)); `target` is 1 where x1 is to be the larger, else -1.

    The three inputs have one shape. With `reduction` "mean" or "sum" the cost is a scalar; with "none" it is
    the array of losses.

    Derivation. Where margin - target (x1 - x2) is above 0 the differential is -target (dx1 - dx2), below it is
    0. So the gradient with respect to x1 is -dJ target there, and the one with respect to x2 its negative; for
    a mean, dJ is first divided by the number of entries. At the kink the slope of the first is returned, as by
    PyTorch. Targets are integers, so theirs is None: it does not exist.

    The closure keeps the slopes.

    Raises TypeError when `x1` or `x2` is not a floating array, the dtypes differ or `target` is not an integer
    array, and ValueError when the shapes differ, a target is neither 1 nor -1, or a mean has no entry; the vjp
    raises ValueError when `dJ` is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = margin_ranking_loss(np.array([1.0, 4.0]), np.array([2.0, 3.0]), np.array([1, 1]), reduction="sum")
    >>> J
    np.float64(1.0)
    >>> vjp(1.0)
    (array([-1., -0.]), array([1., 0.]), None)
    """
    x1, x2 = float_inputs(margin_ranking_loss, x1, x2)
    if x1.shape != x2.shape:
        raise ValueError(f"margin_ranking_loss: x1 and x2 must have one shape, but x1 is {x1.shape}, x2 {x2.shape}")
    sign = signs(margin_ranking_loss, target, x1.shape).astype(x1.dtype)
    margin = finite_number(margin_ranking_loss, "margin", margin)
    check_reduction(margin_ranking_loss, reduction, x1.shape)
    below = np.asarray(margin - sign * (x1 - x2))
    J = reduced(np.maximum(below, 0.0), reduction)
    slope = sign * (below >= 0)
    shape, dtype = np.shape(J), x1.dtype

    def margin_ranking_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray, None]:
        dJ = cotangent(margin_ranking_loss, dJ, shape, dtype)
        dx2 = np.asarray(of_each_loss(dJ, reduction, slope.size) * slope)
        return np.asarray(-dx2), dx2, None

    return J, margin_ranking_loss_vjp
