"""Minimum of all entries or along an axis, the value alone."""

import torch
from torch import Tensor


def min(x: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Minimum of all entries or along an axis, the value alone."""
    if dim is None:
        y = torch.min(x)
        return y.reshape([1] * x.ndim) if keepdim else y
    return torch.min(x, dim, keepdim).values
