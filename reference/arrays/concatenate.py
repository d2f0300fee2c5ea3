"""Tensors one after the other along an axis."""

import torch
from torch import Tensor


def concatenate(tensors: tuple[Tensor, ...], *, dim: int = 0) -> Tensor:
    """Tensors one after the other along an axis."""
    return torch.concatenate(tuple(tensors), dim)
