"""Einstein's sum of two operands."""

import torch
from torch import Tensor


def einsum(x: Tensor, other: Tensor, *, equation: str = "ij,jk->ik") -> Tensor:
    """Einstein's sum of two operands."""
    return torch.einsum(equation, x, other)
