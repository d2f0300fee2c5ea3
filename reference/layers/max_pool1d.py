"""Pooling by the largest entry over one axis."""

import torch
from torch import Tensor


def max_pool1d(
    x: Tensor,
    *,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """The largest entry of each window."""
    return torch.nn.functional.max_pool1d(x, kernel_size, stride, padding, dilation, ceil_mode)
