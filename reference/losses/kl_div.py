"""The Kullback-Leibler divergence of log-probabilities."""

import torch
from torch import Tensor


def kl_div(x: Tensor, target: Tensor, *, reduction: str = "mean", log_target: bool = False) -> Tensor:
    """Kullback-Leibler divergence."""
    return torch.nn.functional.kl_div(*torch.broadcast_tensors(x, target), reduction=reduction, log_target=log_target)
