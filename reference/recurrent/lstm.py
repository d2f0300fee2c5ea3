"""Long short-term memory over whole sequences."""

import torch
from torch import Tensor


def lstm(
    x: Tensor,
    h0: Tensor,
    c0: Tensor,
    *weights: Tensor,
    bias: bool = True,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """The output at every time and the last states."""
    layers = len(weights) // (4 if bias else 2) // (2 if bidirectional else 1)
    return torch.lstm(x, (h0, c0), weights, bias, layers, 0.0, True, bidirectional, batch_first)
