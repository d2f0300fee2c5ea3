"""Determinant."""

import torch
from torch import Tensor


def det(A: Tensor) -> Tensor:
    """Determinant."""
    y: Tensor = torch.linalg.det(A)
    return y
