"""Pooling by the largest entry over two axes to a given size."""

import torch
from torch import Tensor


def adaptive_max_pool2d(x: Tensor, *, output_size: int | tuple[int | None, int | None]) -> Tensor:
    """The largest entry of each of `output_size` bins."""
    if isinstance(output_size, int):
        output_size = (output_size, output_size)
    rows, columns = (own if size is None else size for size, own in zip(output_size, x.shape[-2:], strict=True))
    return torch.nn.functional.adaptive_max_pool2d(x, (rows, columns))
