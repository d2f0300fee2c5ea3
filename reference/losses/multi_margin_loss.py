"""The hinge loss of several classes."""

import torch
from torch import Tensor


def multi_margin_loss(
    x: Tensor, target: Tensor, *, p: int = 1, margin: float = 1.0, weight: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """Hinge loss of classes."""
    return torch.nn.functional.multi_margin_loss(x, target.long(), p, margin, _like(weight, x), reduction=reduction)


def _like(weight: Tensor | None, x: Tensor) -> Tensor | None:
    return None if weight is None else torch.as_tensor(weight, dtype=x.dtype)
