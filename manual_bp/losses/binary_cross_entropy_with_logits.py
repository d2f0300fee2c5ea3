"""The cross-entropy of logits of one class, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import broadcast_shape
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import cotangent, float_array, float_arrays
from ..activations.sigmoid import logistic
from ._reduction import check_reduction, of_each_loss, reduced


@signature("(m,n),(m,n)->()")
def binary_cross_entropy_with_logits(
    x: FloatArray,
    target: FloatArray,
    *,
    weight: FloatArray | None = None,
    reduction: str = "mean",
    pos_weight: FloatArray | None = None,
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Cross-entropy of two classes, -w (v t log sigmoid(x) + (1 - t) log(1 - sigmoid(x))) for each entry.

    `x` are logits and t = `target` of the same shape the probabilities of class 1; w = `weight` and v =
    `pos_weight`, the factor of class 1, broadcast against them and have no gradient, as in PyTorch. With
    `reduction` "mean" or "sum" the cost is a scalar; with "none" it is the array of losses.

    With softplus(-x) = log(1 + exp(-x)) = max(-x, 0) + log(1 + exp(-|x|)) a loss is w ((1 - t) x + L
    softplus(-x)), where L = 1 + (v - 1) t: log(1 - sigmoid(x)) = -x - softplus(-x), and no exponent is above 0.

    Derivation. The slope of softplus(-x) is -sigmoid(-x), so that of a loss along x is w (1 - t - L sigmoid(-x)).
    Where the logit is right and large that is 1 - 1, of which no digit is left; with 1 = sigmoid(x) +
    sigmoid(-x) it is w ((1 - t) sigmoid(x) - v t sigmoid(-x)), which keeps all of them. The gradient with
    respect to x is dJ times that. The loss is a straight line in t, with the slope w ((v - 1) softplus(-x) -
    x); dJ times that is the gradient with respect to target. For a mean, dJ is first divided by the number of
    entries.

    The closure keeps the inputs, the weights and softplus(-x).

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    differ, a weight does not broadcast, or a mean has no entry; the vjp raises ValueError when `dJ` is not
    shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = binary_cross_entropy_with_logits(np.array([0.0, 2.0]), np.array([1.0, 0.0]))
    >>> J.round(4)
    np.float64(1.41)
    >>> dx, dtarget = vjp(1.0)
    >>> dx.round(4)
    array([-0.25  ,  0.4404])
    >>> dtarget.round(4)
    array([ 0., -1.])
    """
    op = binary_cross_entropy_with_logits
    x, target = float_arrays(op, x=x, target=target)
    if x.shape != target.shape:
        raise ValueError(f"{op.__name__}: x and target must have one shape, but x is {x.shape}, target {target.shape}")
    check_reduction(op, reduction, x.shape)
    w, v = _factor(weight, "weight", x), _factor(pos_weight, "pos_weight", x)
    L = 1.0 + (v - 1.0) * target
    softplus = np.maximum(-x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    J = reduced(np.asarray(w * ((1.0 - target) * x + L * softplus)), reduction)
    shape = np.shape(J)

    def binary_cross_entropy_with_logits_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(op, dJ, shape, x.dtype)
        dloss = of_each_loss(dJ, reduction, x.size) * w
        dx = dloss * ((1.0 - target) * logistic(x) - v * target * logistic(np.asarray(-x)))
        dtarget = dloss * ((v - 1.0) * softplus - x)
        return np.asarray(dx), np.asarray(dtarget)

    return J, binary_cross_entropy_with_logits_vjp


def _factor(weight: FloatArray | None, name: str, x: FloatArray) -> FloatArray | FloatScalar:
    if weight is None:
        return x.dtype.type(1.0)
    weight = float_array(binary_cross_entropy_with_logits, weight, name).astype(x.dtype, copy=False)
    if broadcast_shape(binary_cross_entropy_with_logits, x=x, **{name: weight}) != x.shape:
        raise ValueError(
            f"binary_cross_entropy_with_logits: {name} must broadcast to the shape of x, {x.shape}, "
            f"but it is {weight.shape}"
        )
    return weight
