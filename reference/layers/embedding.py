"""Rows of a table, looked up by their numbers."""

import torch
from torch import Tensor


def embedding(x: Tensor, weight: Tensor, *, padding_idx: int | None = None) -> Tensor:
    """The rows x of weight; PyTorch wants numbers of dtype int64, other integers are converted."""
    return torch.nn.functional.embedding(x.long(), weight, padding_idx)
