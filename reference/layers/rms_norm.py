"""Normalisation by the root of the mean square."""

import torch
from torch import Tensor


def rms_norm(
    x: Tensor,
    weight: Tensor | None = None,
    *,
    normalized_shape: int | tuple[int, ...] | None = None,
    eps: float | None = None,
) -> Tensor:
    """x over the root of its mean square along the last axes, times `weight`."""
    if normalized_shape is None:
        normalized_shape = tuple(weight.shape) if weight is not None else x.shape[-1]
    axes = [normalized_shape] if isinstance(normalized_shape, int) else list(normalized_shape)
    return torch.nn.functional.rms_norm(x, axes, weight, eps)
