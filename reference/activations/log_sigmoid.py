"""The logarithm of the logistic function."""

import torch
from torch import Tensor


def log_sigmoid(x: Tensor) -> Tensor:
    """Logarithm of the sigmoid."""
    return torch.nn.functional.logsigmoid(x)
