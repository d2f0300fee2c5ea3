"""The Huber loss."""

import torch
from torch import Tensor

from ._broadcast import broadcast


def huber_loss(x: Tensor, target: Tensor, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """Huber loss."""
    x, target = broadcast(x, target)
    return torch.nn.functional.huber_loss(x, target, reduction=reduction, delta=delta)
