"""The exponential linear unit."""

import torch
from torch import Tensor


def elu(x: Tensor, *, alpha: float = 1.0) -> Tensor:
    """Exponential linear unit, alpha (exp(x) - 1) where x <= 0."""
    return torch.nn.functional.elu(x, alpha)
