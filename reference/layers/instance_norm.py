"""Instance normalisation."""

import torch
from torch import Tensor


def instance_norm(
    x: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    use_input_stats: bool = True,
    eps: float = 1e-5,
) -> Tensor:
    """Each channel of each sample standardised, or by running statistics; neither is overwritten."""
    mean, variance = (
        None if use_input_stats or statistic is None else statistic.detach()
        for statistic in (running_mean, running_var)
    )
    return torch.nn.functional.instance_norm(x, mean, variance, weight, bias, use_input_stats, eps=eps)
