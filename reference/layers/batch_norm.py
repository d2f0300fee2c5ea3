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
    mean, variance = (
        None if training or statistic is None else statistic.detach() for statistic in (running_mean, running_var)
    )
    return torch.nn.functional.batch_norm(x, mean, variance, weight, bias, training, eps=eps)
