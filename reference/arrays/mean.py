"""Mean over axes."""

import torch
from torch import Tensor


def mean(x: Tensor, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> Tensor:
    """Mean over axes."""
    return torch.mean(x, dim=dim, keepdim=keepdim)
