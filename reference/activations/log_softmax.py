"""The logarithm of softmax along one axis."""

import torch
from torch import Tensor


def log_softmax(x: Tensor, *, dim: int = -1) -> Tensor:
    """Logarithm of softmax over `dim`."""
    return torch.log_softmax(x, dim=dim)
