"""Pooling by the mean over two axes to a given size."""

import torch
from torch import Tensor


def adaptive_avg_pool2d(x: Tensor, *, output_size: int | tuple[int | None, int | None]) -> Tensor:
    """The mean of each of `output_size` bins."""
    return torch.nn.functional.adaptive_avg_pool2d(x, output_size)
