"""Pooling by the mean over one axis."""

import torch
from torch import Tensor


def avg_pool1d(
    x: Tensor,
    *,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window."""
    return torch.nn.functional.avg_pool1d(
        x, kernel_size, kernel_size if stride is None else stride, padding, ceil_mode, count_include_pad
    )
