"""Natural logarithm."""

import torch
from torch import Tensor


def log(x: Tensor) -> Tensor:
    """Natural logarithm."""
    return torch.log(x)
