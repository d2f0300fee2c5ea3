"""Plain recurrent network over whole sequences."""

import torch
from torch import Tensor


def rnn(
    x: Tensor,
    h0: Tensor,
    *weights: Tensor,
    nonlinearity: str = "tanh",
    bias: bool = True,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> tuple[Tensor, Tensor]:
    """The output at every time and the last states."""
    layers = len(weights) // (4 if bias else 2) // (2 if bidirectional else 1)
    network = torch.rnn_tanh if nonlinearity == "tanh" else torch.rnn_relu
    return network(x, h0, weights, bias, layers, 0.0, True, bidirectional, batch_first)
