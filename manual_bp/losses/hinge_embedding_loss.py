"""The hinge loss of distances, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import cotangent, finite_number, float_array
from ._reduction import check_reduction, of_each_loss, reduced
from ._targets import signs


@signature("(m,n),(m,n)->()")
def hinge_embedding_loss(
    x: FloatArray, target: IntegerArray, *, margin: float = 1.0, reduction: str = "mean"
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """Hinge loss of distances, x where target is 1 and max(0, margin - x) where it is -1.

    `x` are distances of pairs, which are to be small or at least the margin; `target` of the same shape holds
    the integers 1 and -1. With `reduction` "mean" or "sum" the cost is a scalar; with "none" it is the array of
    losses.

    Derivation. The slope is 1 where target is 1, and where it is -1 it is -1 as long as x is below the margin.
    At the kink x = margin every number from -1 to 0 is a subgradient; -1 is returned, as by PyTorch. So the
    gradient with respect to x is dJ times that slope; for a mean, dJ is first divided by the number of entries.
    Targets are integers, so theirs is None: it does not exist.

    The closure keeps the slopes.

    Raises TypeError when `x` is not a floating array or `target` not an integer one, and ValueError when the
    shapes differ, a target is neither 1 nor -1, or a mean has no entry; the vjp raises ValueError when `dJ` is
    not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = hinge_embedding_loss(np.array([0.5, 0.25, 3.0]), np.array([1, -1, -1]), reduction="sum")
    >>> J
    np.float64(1.25)
    >>> vjp(1.0)
    (array([ 1., -1.,  0.]), None)
    """
    x = float_array(hinge_embedding_loss, x)
    target = signs(hinge_embedding_loss, target, x.shape)
    margin = finite_number(hinge_embedding_loss, "margin", margin)
    check_reduction(hinge_embedding_loss, reduction, x.shape)
    alike = target == 1
    losses = np.asarray(alike * x + ~alike * np.maximum(margin - x, 0.0))
    J = reduced(losses, reduction)
    slope = np.where(alike, 1, -(x <= margin).astype(np.int8))
    shape, dtype = np.shape(J), x.dtype

    def hinge_embedding_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, None]:
        dJ = cotangent(hinge_embedding_loss, dJ, shape, dtype)
        dx = of_each_loss(dJ, reduction, slope.size) * slope.astype(dtype)
        return np.asarray(dx), None

    return J, hinge_embedding_loss_vjp
