"""Matrix product."""

import torch
from torch import Tensor


def matmul(x: Tensor, other: Tensor) -> Tensor:
    """Matrix product."""
    return torch.matmul(x, other)
