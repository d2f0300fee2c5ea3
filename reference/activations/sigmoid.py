"""The logistic function."""

import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """Logistic sigmoid, 1 / (1 + exp(-x)), for `x` of any shape.

    >>> import torch
    >>> sigmoid(torch.tensor([0.0]))
    tensor([0.5000])
    """
    return torch.sigmoid(x)
