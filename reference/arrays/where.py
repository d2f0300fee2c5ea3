"""A choice between two tensors, entry by entry."""

import torch
from torch import Tensor


def where(condition: Tensor, x: Tensor, other: Tensor) -> Tensor:
    """A choice between two tensors, entry by entry."""
    return torch.where(condition, x, other)
