"""The option `reduction`: what becomes of the losses of single entries."""

from collections.abc import Callable

import numpy as np

from .._scalars import scalar
from .._sums import sum_of_squares
from .._typing import FloatArray, FloatScalar
from .._validation import one_of

REDUCTIONS = ("none", "mean", "sum")


def check_reduction(op: Callable[..., object], reduction: str, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless `reduction` is a name that PyTorch knows, and a mean is one of at least one entry."""
    if reduction not in REDUCTIONS:
        one_of(op, "reduction", reduction, REDUCTIONS)
    if reduction == "mean" and 0 in shape:
        raise ValueError(f"{op.__name__}: a mean needs at least one entry, but the shape is {shape}; or say reduction=")


def reduced(losses: FloatArray, reduction: str) -> FloatArray | FloatScalar:
    """The losses themselves for "none", else their sum, over their number for "mean"."""
    if reduction == "none":
        return np.asarray(losses)
    total: FloatScalar = losses.sum()
    return total / losses.size if reduction == "mean" else total


def reduced_squares(x: FloatArray, reduction: str) -> FloatArray | FloatScalar:
    """As `reduced`, of losses that are the squares of `x`."""
    if reduction == "none":
        return np.asarray(x * x)
    total = sum_of_squares(x)
    return total / x.size if reduction == "mean" else total


def of_each_loss(dJ: FloatArray, reduction: str, count: int) -> FloatArray:
    """The gradient of the cost with respect to each of `count` losses, given that with respect to what they became."""
    return dJ / scalar(count, dJ.dtype) if reduction == "mean" else dJ
