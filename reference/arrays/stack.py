"""Tensors beside each other along a new axis."""

import torch
from torch import Tensor


def stack(tensors: tuple[Tensor, ...], *, dim: int = 0) -> Tensor:
    """Tensors beside each other along a new axis."""
    return torch.stack(tuple(tensors), dim)
