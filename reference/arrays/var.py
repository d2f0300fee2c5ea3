"""Variance over axes."""

import torch
from torch import Tensor


def var(
    x: Tensor, *, dim: int | tuple[int, ...] | None = None, correction: float = 1.0, keepdim: bool = False
) -> Tensor:
    """Variance over axes."""
    return torch.var(x, dim=dim, correction=correction, keepdim=keepdim)
