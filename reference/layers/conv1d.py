"""Convolution over one axis."""

import torch
from torch import Tensor


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution in PyTorch's sense: the kernel is not mirrored."""
    return torch.nn.functional.conv1d(x, weight, bias, stride, padding, dilation, groups)
