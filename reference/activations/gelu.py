"""The Gaussian error linear unit."""

import torch
from torch import Tensor


def gelu(x: Tensor, *, approximate: str = "none") -> Tensor:
    """Gaussian error linear unit, exact or by tanh."""
    return torch.nn.functional.gelu(x, approximate=approximate)
