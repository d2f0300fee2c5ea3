"""A bilinear layer."""

import torch
from torch import Tensor


def bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """y[n, o] = sum over i, j of x1[n, i] weight[o, i, j] x2[n, j], plus bias[o]."""
    return torch.nn.functional.bilinear(x1, x2, weight, bias)
