"""Group normalisation."""

import torch
from torch import Tensor


def group_norm(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    num_groups: int = 1,
    eps: float = 1e-5,
) -> Tensor:
    """Zero mean and unit variance over each group of channels, times `weight`, plus `bias`."""
    return torch.nn.functional.group_norm(x, num_groups, weight, bias, eps)
