"""The hinge loss of several classes, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import cotangent, finite_number, float_array, integer_array, matching_shapes, one_of
from ._reduction import check_reduction, of_each_loss, reduced
from ._targets import class_indices, class_weights


@signature("(n,c),(n)->()")
def multi_margin_loss(
    x: FloatArray,
    target: IntegerArray,
    *,
    p: int = 1,
    margin: float = 1.0,
    weight: FloatArray | None = None,
    reduction: str = "mean",
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """Hinge loss of classes, 1/c times the sum over i != y of max(0, margin - x[y] + x[i])**p, with y the label.

    Shapes: `x` (n, c) holds scores, `target` (n,) integers from 0 to c - 1, `weight` (c,) factors by the class
    y; p is 1 or 2. With `reduction` "mean" or "sum" the cost is a scalar; with "none" it is the array of
    losses.

    Derivation. Let h[i] = p max(0, margin - x[y] + x[i])**(p - 1) weight[y] / c where the margin is not kept, i
    != y, else 0. A loss changes by the sum over i of h[i] (dx[i] - dx[y]), so the gradient of a sample is dJ
    h[i] at the other classes and minus their sum at y; for a mean, dJ is first divided by n. At the kinks of p
    = 1 the subgradient 0 is returned, as by PyTorch. Targets are integers, so theirs is None: it does not
    exist.

    The closure keeps the slopes.

    Raises TypeError when `x` is not a floating array or `target` not an integer one, and ValueError when the
    shapes do not fit, a target lies outside [0, c), or an option is out of its range; the vjp raises ValueError
    when `dJ` is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = multi_margin_loss(np.array([[1.0, 3.0]]), np.array([0]))
    >>> J
    np.float64(1.5)
    >>> vjp(1.0)
    (array([[-0.5,  0.5]]), None)
    """
    x = float_array(multi_margin_loss, x)
    target = integer_array(multi_margin_loss, "target", target)
    matching_shapes(multi_margin_loss, x, target)
    n, c = x.shape
    target = class_indices(multi_margin_loss, "target", target, (n,), c)
    one_of(multi_margin_loss, "p", p, (1, 2))
    margin = finite_number(multi_margin_loss, "margin", margin)
    check_reduction(multi_margin_loss, reduction, x.shape)
    weight = class_weights(multi_margin_loss, weight, c, x.dtype)

    rows = np.arange(n)
    short = np.maximum(margin - x[rows, target][:, None] + x, 0.0)
    short[rows, target] = 0.0
    factor = np.full((n, 1), 1.0 / c, x.dtype) if weight is None else weight[target][:, None] / c
    J = reduced((short**p * factor).sum(axis=1), reduction)
    slope = p * short ** (p - 1) * (short > 0) * factor
    slope[rows, target] = -slope.sum(axis=1)
    shape, dtype = np.shape(J), x.dtype

    def multi_margin_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, None]:
        dJ = cotangent(multi_margin_loss, dJ, shape, dtype)
        dx = of_each_loss(dJ, reduction, n).reshape(-1, 1) * slope
        return dx, None

    return J, multi_margin_loss_vjp
