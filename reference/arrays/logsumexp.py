"""Logarithm of the sum of exponentials over axes."""

import torch
from torch import Tensor


def logsumexp(x: Tensor, *, dim: int | tuple[int, ...] | None = None, keepdim: bool = False) -> Tensor:
    """Logarithm of the sum of exponentials over axes."""
    return torch.logsumexp(x, tuple(range(x.ndim)) if dim is None else dim, keepdim)
