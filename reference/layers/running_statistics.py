"""Running mean and variance of the channels that batch norm saw in training."""

import torch
from torch import Tensor


def running_statistics(
    x: Tensor, running_mean: Tensor, running_var: Tensor, *, momentum: float = 0.1
) -> tuple[Tensor, Tensor]:
    """What PyTorch's batch norm makes of running statistics, on copies of them."""
    mean, variance = running_mean.clone(), running_var.clone()
    torch.nn.functional.batch_norm(x, mean, variance, training=True, momentum=momentum)
    return mean, variance
