"""The squared error, entry by entry."""

import torch
from torch import Tensor

from ._broadcast import broadcast


def mse_loss(x: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Squared error."""
    x, target = broadcast(x, target)
    return torch.nn.functional.mse_loss(x, target, reduction=reduction)
