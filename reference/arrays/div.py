"""Quotient, entry by entry."""

import torch
from torch import Tensor


def div(x: Tensor, other: Tensor) -> Tensor:
    """Quotient, entry by entry."""
    return torch.div(x, other)
