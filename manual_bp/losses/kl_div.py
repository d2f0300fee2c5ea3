"""The Kullback-Leibler divergence of log-probabilities, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._broadcasting import shared_shape, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar
from .._validation import boolean, cotangent, float_inputs
from ._reduction import check_reduction, of_each_loss, reduced


@signature("(n,c),(n,c)->()")
def kl_div(
    x: FloatArray, target: FloatArray, *, reduction: str = "mean", log_target: bool = False
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Kullback-Leibler divergence, target (log target - x) for each entry, with `x` the logarithm of probabilities.

    With `log_target` the target is a logarithm too: exp(target) (target - x). The shapes broadcast against each
    other. `reduction` "batchmean" divides the sum by the size of the first axis, which is the divergence;
    "mean", the default as in PyTorch, by the number of all entries. Where target is 0, so is the loss.

    Derivation. In x a loss is a straight line: the gradient is -dJ target, or -dJ exp(target). The product rule
    gives dJ (log target + 1 - x) with respect to target, or dJ exp(target) (target + 1 - x). It falls without
    bound as the target goes to 0; at 0 it is -inf. (PyTorch gives NaN.)

    The closure keeps the inputs.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    do not broadcast, a target is below 0, or a mean has no entry; the vjp raises ValueError when `dJ` is not
    shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = kl_div(np.log(np.array([[0.5, 0.5]])), np.array([[0.25, 0.75]]), reduction="batchmean")
    >>> J.round(4)
    np.float64(0.1308)
    >>> dx, dtarget = vjp(1.0)
    >>> dx
    array([[-0.25, -0.75]])
    >>> dtarget.round(4)
    array([[0.3069, 1.4055]])
    """
    x, target = float_inputs(kl_div, x, target)
    shape = shared_shape(kl_div, x, target)
    boolean(kl_div, "log_target", log_target)
    batch = reduction == "batchmean"
    if batch and not shape:
        raise ValueError("kl_div: reduction='batchmean' needs a first axis, but the shape is ()")
    check_reduction(kl_div, "mean" if batch else reduction, shape)
    if not log_target and (target < 0).any():
        raise ValueError(f"kl_div: target must not be below 0, but it holds {target[target < 0][0]}; see log_target")
    with np.errstate(divide="ignore"):  # log 0, whose factor is 0
        log = target if log_target else np.log(target)
    p = np.exp(target) if log_target else target
    losses = np.asarray(np.where(p > 0, p * (np.where(p > 0, log, 0.0) - x), 0.0))
    J = reduced(losses, "sum" if batch else reduction)
    if batch:
        J = J / shape[0]
    count = shape[0] if batch else losses.size

    def kl_div_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray]:
        dJ = cotangent(kl_div, dJ, np.shape(J), x.dtype)
        dloss = np.broadcast_to(of_each_loss(dJ, "mean" if batch else reduction, count), shape)
        dx = -dloss * p
        dtarget = dloss * (log + 1.0 - x)
        if log_target:
            dtarget = dtarget * p
        return summed_to(dx, x.shape), summed_to(dtarget, target.shape)

    return J, kl_div_vjp
