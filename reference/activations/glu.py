"""The gated linear unit."""

import torch
from torch import Tensor


def glu(x: Tensor, *, dim: int = -1) -> Tensor:
    """Gated linear unit: the first half of `x` along `dim` times the sigmoid of the second."""
    return torch.nn.functional.glu(x, dim)
