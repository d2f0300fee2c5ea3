"""Pooling by the largest entry over two axes."""

import torch
from torch import Tensor


def max_pool2d(
    x: Tensor,
    *,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """The largest entry of each window."""
    return torch.nn.functional.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
