"""The loss of the angle between two vectors."""

import torch
from torch import Tensor


def cosine_embedding_loss(
    x1: Tensor, x2: Tensor, target: Tensor, *, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """Loss of angles, 1 - cos where target is 1 and max(0, cos - margin) elsewhere.

    Not PyTorch's function of this name, which in float64 adds 1e-12 rounded to float32 to the squared lengths.
    """
    squares = ((x1 * x1).sum(-1) + 1e-12) * ((x2 * x2).sum(-1) + 1e-12)
    cos = (x1 * x2).sum(-1) / squares.sqrt()
    losses = torch.where(target == 1, 1 - cos, (cos - margin).clamp_min(0))
    return losses if reduction == "none" else getattr(losses, reduction)()
