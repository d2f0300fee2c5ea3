"""Square root."""

import torch
from torch import Tensor


def sqrt(x: Tensor) -> Tensor:
    """Square root."""
    return torch.sqrt(x)
