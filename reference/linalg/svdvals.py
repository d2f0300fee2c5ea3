"""Singular values."""

import torch
from torch import Tensor


def svdvals(A: Tensor) -> Tensor:
    """Singular values."""
    y: Tensor = torch.linalg.svdvals(A)
    return y
