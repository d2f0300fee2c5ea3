"""Batch normalisation."""

import torch
from torch import Tensor


def batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    training: bool = False,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel standardised over the batch or by running statistics, which PyTorch would overwrite in training."""
    if training:
        running_mean = running_var = None
    return torch.nn.functional.batch_norm(x, running_mean, running_var, weight, bias, training, eps=eps)
