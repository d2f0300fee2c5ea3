"""The smooth absolute error."""

import torch
from torch import Tensor


def smooth_l1_loss(x: Tensor, target: Tensor, *, reduction: str = "mean", beta: float = 1.0) -> Tensor:
    """Smooth absolute error."""
    return torch.nn.functional.smooth_l1_loss(*torch.broadcast_tensors(x, target), reduction=reduction, beta=beta)
