"""A classifier of sequences."""

from typing import Any

import torch
from torch import Tensor


def lstm_classifier(parameters: dict[str, Any], x: Tensor) -> Tensor:
    """A linear layer on the last state of an LSTM that begins with zeros; `x` is (t, n, i).

    >>> import torch
    >>> weights = torch.zeros(4, 1), torch.zeros(4, 1), torch.zeros(4), torch.zeros(4)
    >>> out = {"weight": torch.ones(2, 1), "bias": torch.tensor([0.0, 1.0])}
    >>> lstm_classifier({"lstm": weights, "out": out}, torch.zeros(3, 1, 1))
    tensor([[0., 1.]])
    """
    weights = parameters["lstm"]
    layers = len(weights) // 4
    start = x.new_zeros(layers, x.shape[1], weights[1].shape[1])
    output, _, _ = torch.lstm(x, (start, start), tuple(weights), True, layers, 0.0, True, False, False)
    return torch.nn.functional.linear(output[-1], parameters["out"]["weight"], parameters["out"]["bias"])
