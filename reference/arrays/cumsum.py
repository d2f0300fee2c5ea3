"""Cumulative sum along an axis."""

import torch
from torch import Tensor


def cumsum(x: Tensor, *, dim: int = -1) -> Tensor:
    """Cumulative sum along an axis."""
    return torch.cumsum(x, dim)
