"""Product of all entries or along an axis."""

import torch
from torch import Tensor


def prod(x: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Product of all entries or along an axis."""
    if dim is None:
        y = torch.prod(x)
        return y.reshape([1] * x.ndim) if keepdim else y
    return torch.prod(x, dim, keepdim)
