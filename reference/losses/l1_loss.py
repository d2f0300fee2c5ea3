"""The absolute error."""

import torch
from torch import Tensor

from ._broadcast import broadcast


def l1_loss(x: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Absolute error."""
    x, target = broadcast(x, target)
    return torch.nn.functional.l1_loss(x, target, reduction=reduction)
