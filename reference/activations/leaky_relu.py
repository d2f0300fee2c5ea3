"""The rectifier that leaks."""

import torch
from torch import Tensor


def leaky_relu(x: Tensor, *, negative_slope: float = 0.01) -> Tensor:
    """Leaky rectifier; autograd's subgradient at 0 is negative_slope."""
    return torch.nn.functional.leaky_relu(x, negative_slope)
