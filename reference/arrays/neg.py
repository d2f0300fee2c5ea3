"""Negative."""

import torch
from torch import Tensor


def neg(x: Tensor) -> Tensor:
    """Negative."""
    return torch.neg(x)
