"""The hinge loss of distances."""

import torch
from torch import Tensor


def hinge_embedding_loss(x: Tensor, target: Tensor, *, margin: float = 1.0, reduction: str = "mean") -> Tensor:
    """Hinge loss of distances."""
    return torch.nn.functional.hinge_embedding_loss(x, target, margin, reduction=reduction)
