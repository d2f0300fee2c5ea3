"""Norm of vectors over axes."""

import torch
from torch import Tensor


def norm(x: Tensor, *, p: float = 2.0, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> Tensor:
    """Norm of vectors over axes."""
    y: Tensor = torch.linalg.vector_norm(x, p, dim, keepdim)
    return y
