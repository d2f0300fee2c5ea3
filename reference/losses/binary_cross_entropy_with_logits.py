"""The cross-entropy of logits of one class."""

import torch
from torch import Tensor


def binary_cross_entropy_with_logits(
    x: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Cross-entropy of two classes."""
    return torch.nn.functional.binary_cross_entropy_with_logits(
        x, target, _like(weight, x), reduction=reduction, pos_weight=_like(pos_weight, x)
    )


def _like(weight: Tensor | None, x: Tensor) -> Tensor | None:
    return None if weight is None else torch.as_tensor(weight, dtype=x.dtype)
