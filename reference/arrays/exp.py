"""Exponential."""

import torch
from torch import Tensor


def exp(x: Tensor) -> Tensor:
    """Exponential."""
    return torch.exp(x)
