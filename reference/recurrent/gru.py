"""Gated recurrent unit over whole sequences."""

import torch
from torch import Tensor


def gru(
    x: Tensor,
    h0: Tensor,
    *weights: Tensor,
    bias: bool = True,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> tuple[Tensor, Tensor]:
    """The output at every time and the last states."""
    layers = len(weights) // (4 if bias else 2) // (2 if bidirectional else 1)
    return torch.gru(x, h0, weights, bias, layers, 0.0, True, bidirectional, batch_first)
