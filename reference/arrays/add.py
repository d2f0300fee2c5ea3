"""Sum, x + alpha * other."""

import torch
from torch import Tensor


def add(x: Tensor, other: Tensor, *, alpha: float = 1.0) -> Tensor:
    """Sum, x + alpha * other."""
    return torch.add(x, other, alpha=alpha)
