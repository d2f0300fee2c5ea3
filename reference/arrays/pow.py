"""Power, entry by entry."""

import torch
from torch import Tensor


def pow(x: Tensor, exponent: Tensor) -> Tensor:
    """Power, entry by entry."""
    return torch.pow(x, exponent)
