"""Sum over axes."""

import torch
from torch import Tensor


def sum(x: Tensor, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> Tensor:
    """Sum over axes."""
    return torch.sum(x, dim=dim, keepdim=keepdim)
