"""Convolution over two axes."""

import torch
from torch import Tensor


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Tensor:
    """Convolution in PyTorch's sense: the kernel is not mirrored."""
    return torch.nn.functional.conv2d(x, weight, bias, stride, padding, dilation, groups)
