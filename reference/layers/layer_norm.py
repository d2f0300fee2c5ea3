"""Layer normalisation."""

import torch
from torch import Tensor


def layer_norm(
    x: Tensor,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    *,
    normalized_shape: int | tuple[int, ...] | None = None,
    eps: float = 1e-5,
) -> Tensor:
    """Zero mean and unit variance over the last axes, times `weight`, plus `bias`."""
    if normalized_shape is None:
        normalized_shape = tuple(weight.shape) if weight is not None else x.shape[-1]
    axes = [normalized_shape] if isinstance(normalized_shape, int) else list(normalized_shape)
    return torch.nn.functional.layer_norm(x, axes, weight, bias, eps)
