"""The Huber loss."""

import torch
from torch import Tensor


def huber_loss(x: Tensor, target: Tensor, *, reduction: str = "mean", delta: float = 1.0) -> Tensor:
    """Huber loss."""
    return torch.nn.functional.huber_loss(*torch.broadcast_tensors(x, target), reduction=reduction, delta=delta)
