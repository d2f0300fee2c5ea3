"""Entries cut off at two bounds."""

import torch
from torch import Tensor


def clip(x: Tensor, *, min: float | None = None, max: float | None = None) -> Tensor:
    """Entries cut off at two bounds."""
    return torch.clip(x, min, max)
