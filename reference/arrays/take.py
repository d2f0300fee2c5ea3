"""Entries at their places in the flat tensor."""

import torch
from torch import Tensor


def take(x: Tensor, index: Tensor) -> Tensor:
    """Entries at their places in the flat tensor."""
    return torch.take(x, index.long())
