"""Determinant."""

import torch
from torch import Tensor


def det(A: Tensor) -> Tensor:
    """Determinant."""
    return torch.linalg.det(A)
