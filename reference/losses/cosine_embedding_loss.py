"""The loss of the angle between two vectors."""

import torch
from torch import Tensor


def cosine_embedding_loss(
    x1: Tensor, x2: Tensor, target: Tensor, *, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """Loss of angles."""
    return torch.nn.functional.cosine_embedding_loss(x1, x2, target, margin, reduction=reduction)
