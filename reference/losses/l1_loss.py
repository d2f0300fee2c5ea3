"""The absolute error."""

import torch
from torch import Tensor


def l1_loss(x: Tensor, target: Tensor, *, reduction: str = "mean") -> Tensor:
    """Absolute error."""
    return torch.nn.functional.l1_loss(*torch.broadcast_tensors(x, target), reduction=reduction)
