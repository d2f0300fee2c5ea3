"""Cholesky factor."""

import torch
from torch import Tensor


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """Cholesky factor."""
    y: Tensor = torch.linalg.cholesky(A, upper=upper)
    return y
