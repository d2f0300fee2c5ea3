"""The smooth rectifier."""

import torch
from torch import Tensor


def softplus(x: Tensor, *, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    """Softplus, log(1 + exp(beta x)) / beta, and x where beta x > threshold."""
    return torch.nn.functional.softplus(x, beta, threshold)
