"""The smooth absolute error."""

import torch
from torch import Tensor

from ._broadcast import broadcast


def smooth_l1_loss(x: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """Smooth absolute error."""
    x, target = broadcast(x, target)
    return torch.nn.functional.smooth_l1_loss(x, target, reduction=reduction, beta=beta)
