"""A small convolutional network."""

from typing import Any

import torch
from torch import Tensor

from .activation import ACTIVATIONS


def conv_net(parameters: dict[str, Any], x: Tensor, *, activation: str = "relu") -> Tensor:
    """Stages of convolution, activation and 2 x 2 max-pooling, then one linear layer.

    >>> import torch
    >>> stage = {"weight": torch.ones(2, 1, 3, 3), "bias": torch.zeros(2)}
    >>> out = {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}
    >>> conv_net({"stages": (stage,), "out": out}, torch.ones(1, 1, 2, 2))
    tensor([[8.]])
    """
    for stage in parameters["stages"]:
        border = stage["weight"].shape[-1] // 2
        z = torch.nn.functional.conv2d(x, stage["weight"], stage["bias"], padding=border)
        x = torch.nn.functional.max_pool2d(ACTIVATIONS[activation](z), 2)
    return torch.nn.functional.linear(x.flatten(1), parameters["out"]["weight"], parameters["out"]["bias"])
