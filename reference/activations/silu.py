"""The sigmoid-weighted linear unit."""

import torch
from torch import Tensor


def silu(x: Tensor) -> Tensor:
    """Sigmoid-weighted linear unit, x * sigmoid(x)."""
    return torch.nn.functional.silu(x)
