"""Inverse of a matrix."""

import torch
from torch import Tensor


def inv(A: Tensor) -> Tensor:
    """Inverse of a matrix."""
    y: Tensor = torch.linalg.inv(A)
    return y
