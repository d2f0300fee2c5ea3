"""The Kullback-Leibler divergence of log-probabilities."""

import torch
from torch import Tensor

from ._broadcast import broadcast


def kl_div(x: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """Kullback-Leibler divergence."""
    x, target = broadcast(x, target)
    return torch.nn.functional.kl_div(x, target, reduction=reduction, log_target=log_target)
