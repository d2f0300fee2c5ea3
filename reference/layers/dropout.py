"""Dropout with a given mask."""

from torch import Tensor


def dropout(x: Tensor, mask: Tensor, *, p: float = 0.5) -> Tensor:
    """x / (1 - p) where the mask is True and 0 elsewhere; PyTorch's own function draws its mask itself."""
    if p == 1:
        return x * 0
    return (x / (1 - p)).masked_fill(~mask.bool(), 0.0)
