"""Entries added where an index points; what `src` holds beyond it is cut off, as PyTorch has no backward for it."""

import torch
from torch import Tensor


def scatter_add(x: Tensor, index: Tensor, src: Tensor, *, dim: int = -1) -> Tensor:
    """Entries added where an index points; what `src` holds beyond it is cut off, as PyTorch has no backward for it."""
    return torch.scatter_add(x, dim, index.long(), src[tuple(map(slice, index.shape))])
