"""The squared error, entry by entry."""

import torch
from torch import Tensor


def mse_loss(x: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Squared error."""
    return torch.nn.functional.mse_loss(*torch.broadcast_tensors(x, target), reduction=reduction)
