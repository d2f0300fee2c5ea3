"""Maximum of all entries or along an axis, the value alone."""

import torch
from torch import Tensor


def max(x: Tensor, *, dim: int | None = None, keepdim: bool = False) -> Tensor:
    """Maximum of all entries or along an axis, the value alone."""
    if dim is None:
        y = torch.max(x)
        return y.reshape([1] * x.ndim) if keepdim else y
    return torch.max(x, dim, keepdim).values
