"""Two axes exchanged."""

import torch
from torch import Tensor


def transpose(x: Tensor, *, dim0: int = 0, dim1: int = 1) -> Tensor:
    """Two axes exchanged."""
    return torch.transpose(x, dim0, dim1)
