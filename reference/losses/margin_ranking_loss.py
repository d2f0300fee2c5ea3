"""The hinge loss of which of two numbers is larger."""

import torch
from torch import Tensor


def margin_ranking_loss(
    x1: Tensor, x2: Tensor, target: Tensor, *, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """Hinge loss of rankings."""
    return torch.nn.functional.margin_ranking_loss(x1, x2, target, margin, reduction=reduction)
