"""Entries that an index names along an axis."""

import torch
from torch import Tensor


def gather(x: Tensor, index: Tensor, *, dim: int = -1) -> Tensor:
    """Entries that an index names along an axis."""
    return torch.gather(x, dim, index.long())
