"""Singular values."""

import torch
from torch import Tensor


def svdvals(A: Tensor) -> Tensor:
    """Singular values."""
    return torch.linalg.svdvals(A)
