"""Difference, x - alpha * other."""

import torch
from torch import Tensor


def sub(x: Tensor, other: Tensor, *, alpha: float = 1.0) -> Tensor:
    """Difference, x - alpha * other."""
    return torch.sub(x, other, alpha=alpha)
